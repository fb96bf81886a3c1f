using System.Text;
using ActorEmbed.Inference.Tokenization.Pipeline.PreTokenizers;

namespace ActorEmbed.Inference.Tokenization.Pipeline.Json;

/// <summary>Reads the <c>pre_tokenizer</c> of a tokenizer.json.</summary>
internal static class PreTokenizerReader
{
    private const string SequenceType = "Sequence";
    private const string SequenceItems = "pretokenizers";

    /// <summary>The pre-tokenizers in their order, sequences dissolved.</summary>
    public static IEnumerable<IPreTokenizer> Read(JsonPart part) => part.Type == SequenceType
        ? part.Items(SequenceItems).SelectMany(Read)
        : [ReadOne(part)];

    private static IPreTokenizer ReadOne(JsonPart part) => part.Type switch
    {
        "BertPreTokenizer" => SplitPreTokenizer.Bert,
        "Whitespace" => SplitPreTokenizer.Words,
        "WhitespaceSplit" => SplitPreTokenizer.WhiteSpace,
        "Punctuation" => SplitPreTokenizer.Punctuation(Behavior(part, absent: SplitBehavior.Isolated)),
        "Digits" => SplitPreTokenizer.Digits(part.Flag("individual_digits")),
        "Metaspace" => Metaspace(part),
        "ByteLevel" => new ByteLevelPreTokenizer(
            part.Flag("add_prefix_space", absent: true),
            part.Flag("use_regex", absent: true) ? RegexPattern.Parse(KnownExpressions.Gpt2Expression) : null,
            writesBytes: true),
        "Split" => Split(part),
        "CharDelimiterSplit" => new SplitPreTokenizer(Delimiter(part), SplitBehavior.Removed),
        _ => throw part.Unknown(),
    };

    private static SplitPreTokenizer Split(JsonPart part)
    {
        var pattern = PatternReader.Read(part.RequiredChild("pattern"));
        return new SplitPreTokenizer(part.Flag("invert") ? new InvertedPattern(pattern) : pattern, Behavior(part, absent: null));
    }

    private static CharacterPattern Delimiter(JsonPart part)
    {
        var delimiter = Character(part, "delimiter");
        return new CharacterPattern(c => c == delimiter);
    }

    private static MetaspacePreTokenizer Metaspace(JsonPart part)
    {
        var mark = Character(part, "replacement");
        if (!mark.IsBmp)
            throw part.Invalid("'replacement' beyond U+FFFF is not supported");
        var prepending = part.TextOrNull("prepend_scheme") switch
        {
            null => part.Flag("add_prefix_space", absent: true) ? MetaspacePrepending.Always : MetaspacePrepending.Never,
            "always" => MetaspacePrepending.Always,
            "first" => MetaspacePrepending.First,
            "never" => MetaspacePrepending.Never,
            var other => throw part.Invalid($"'prepend_scheme' {other} is not supported"),
        };
        if (prepending != MetaspacePrepending.Never && !part.Flag("add_prefix_space", absent: true))
            throw part.Invalid("'add_prefix_space' and 'prepend_scheme' contradict each other");
        return new MetaspacePreTokenizer((char)mark.Value, prepending, part.Flag("split", absent: true));
    }

    private static SplitBehavior Behavior(JsonPart part, SplitBehavior? absent) => part.TextOrNull("behavior") is { } name
        ? SplitBehavior.Named(name) ?? throw part.Invalid($"'behavior' {name} is not supported")
        : absent ?? throw part.Invalid("'behavior' is missing");

    private static Rune Character(JsonPart part, string name)
    {
        var text = part.Text(name);
        return Rune.DecodeFromUtf16(text, out var character, out var length) == System.Buffers.OperationStatus.Done && length == text.Length
            ? character
            : throw part.Invalid($"'{name}' is not one character");
    }
}
