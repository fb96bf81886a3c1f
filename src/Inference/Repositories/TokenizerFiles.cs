using ActorEmbed.Inference.Tokenization;
using ActorEmbed.Inference.Tokenization.Pipeline.Json;
using ActorEmbed.Inference.Tokenization.WordPiece;

namespace ActorEmbed.Inference.Repositories;

/// <summary>Which of its tokenizer's files a repository needs.</summary>
internal static class TokenizerFiles
{
    public const string Json = TokenizerJson.FileName;

    public const string Config = TokenizerConfig.FileName;

    /// <summary>Read when they are there; a model works as meant without them.</summary>
    public static IReadOnlyList<string> Settings => TokenizerConfig.FileNames;

    /// <summary>
    /// Vocabularies, each a fraction of the size of <c>tokenizer.json</c>, and the Python classes that read nothing else.
    /// Where the class is another, <c>tokenizer.json</c> may say what the vocabulary does not.
    /// </summary>
    private static readonly (string File, IReadOnlyList<string> Classes)[] Vocabularies =
    [
        (TokenizerLoader.XlmRobertaFile, [TokenizerLoader.XlmRobertaClass]),
        (BertParts.VocabularyFile, TokenizerLoader.WordPieceClasses),
    ];

    public static IEnumerable<string> VocabularyNames => Vocabularies.Select(vocabulary => vocabulary.File);

    /// <summary>The vocabulary that is there, and whether <c>tokenizer.json</c> is wanted beside it.</summary>
    /// <param name="has">Whether the transformer's directory has a file.</param>
    /// <param name="className"><c>tokenizer_class</c>; null where it is not stated.</param>
    public static (string? Vocabulary, bool WantsJson) Choose(Func<string, bool> has, string? className)
    {
        var name = TokenizerConfig.PlainClass(className);
        foreach (var (file, classes) in Vocabularies)
        {
            if (has(file))
                return (file, !classes.Contains(name));
        }

        return (null, true);
    }
}
