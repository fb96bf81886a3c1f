using ActorEmbed.Inference.Files;

namespace ActorEmbed.Inference.Tokenization;

/// <summary>Finds out which tokenizer a model directory has, and loads it.</summary>
internal static class TokenizerLoader
{
    private const string VocabularyFile = "vocab.txt";
    private const string ConfigFile = "tokenizer_config.json";

    // XLM-R's own name; the other two are used by models with other ids as well, so that the class has to be named.
    private const string XlmRobertaFile = "sentencepiece.bpe.model";
    private static readonly string[] SentencePieceFiles = [XlmRobertaFile, "sentencepiece.model", "spiece.model"];

    private const string XlmRobertaClass = "XLMRobertaTokenizer";
    private const string AnyClass = "PreTrainedTokenizer";
    private static readonly string[] WordPieceClasses =
        ["BertTokenizer", "DistilBertTokenizer", "ElectraTokenizer", "MobileBertTokenizer", "MPNetTokenizer"];

    // Two special tokens and one of the text.
    private const int MinTokens = 3;

    /// <summary>Loads the tokenizer of a model in the layout of the Hugging Face hub.</summary>
    /// <param name="modelDirectory">The directory of config.json.</param>
    /// <param name="maxTokens">Tokens of one text at most, the special tokens around it included.</param>
    /// <exception cref="ModelLoadException">There is no tokenizer of a known kind, or it is damaged.</exception>
    public static IModelTokenizer Load(string modelDirectory, int maxTokens)
    {
        if (maxTokens < MinTokens)
            throw new ModelLoadException($"A maximum of {maxTokens} tokens leaves no room for text: at least {MinTokens} are needed.");

        var config = TokenizerConfig.Read(Path.Combine(modelDirectory, ConfigFile));
        foreach (var file in SentencePieceFiles)
        {
            var path = Path.Combine(modelDirectory, file);
            if (!File.Exists(path))
                continue;
            Expect(config, path, isNameEnough: file == XlmRobertaFile, XlmRobertaClass);
            return XlmRobertaTokenizer.Load(path, maxTokens);
        }

        var vocabulary = Path.Combine(modelDirectory, VocabularyFile);
        if (File.Exists(vocabulary))
        {
            Expect(config, vocabulary, isNameEnough: true, WordPieceClasses);
            return LoadWordPiece(vocabulary, config, maxTokens);
        }

        throw new ModelLoadException(
            $"There is no tokenizer in {modelDirectory}: looked for {string.Join(", ", SentencePieceFiles)} and {VocabularyFile}.");
    }

    private static void Expect(TokenizerConfig config, string path, bool isNameEnough, params string[] classes)
    {
        var known = config.ClassName is null or AnyClass ? isNameEnough : classes.Contains(config.ClassName);
        if (!known)
        {
            throw new ModelLoadException(
                $"The tokenizer {path} is of class {config.ClassName ?? "unknown"} by {ConfigFile}; only {string.Join(", ", classes)} can be run.");
        }
    }

    private static WordPieceTokenizer LoadWordPiece(string path, TokenizerConfig config, int maxTokens)
    {
        try
        {
            // The number of the line is the id; of a piece that is there twice, the last.
            var vocabulary = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (var (id, line) in ModelFile.ReadLines(path).Index())
                vocabulary[line.TrimEnd()] = id;
            return new WordPieceTokenizer(vocabulary, config.SpecialTokens, config.BertOptions, maxTokens);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new ModelLoadException($"The tokenizer {path} cannot be used: {e.Message}", e);
        }
    }
}
