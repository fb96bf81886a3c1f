namespace ActorEmbed.Inference.Tokenization.Pipeline.PreTokenizers;

/// <summary>Divides at the matches of a pattern.</summary>
internal sealed class SplitPreTokenizer(ITextPattern pattern, SplitBehavior behavior) : IPreTokenizer
{
    /// <summary><c>WhitespaceSplit</c>.</summary>
    public static SplitPreTokenizer WhiteSpace { get; } = new(new CharacterPattern(UnicodeClasses.IsWhiteSpace), SplitBehavior.Removed);

    /// <summary><c>BertPreTokenizer</c>: at white space, and around each punctuation character.</summary>
    public static IPreTokenizer Bert { get; } = new PreTokenizerSequence(WhiteSpace, Punctuation(SplitBehavior.Isolated));

    /// <summary><c>Whitespace</c>: runs of word characters, and of what is neither that nor white space.</summary>
    public static IPreTokenizer Words { get; } = new PreTokenizerSequence(
        WhiteSpace, new SplitPreTokenizer(new CharacterPattern(UnicodeClasses.IsWord), SplitBehavior.Contiguous));

    /// <summary><c>Punctuation</c>.</summary>
    public static SplitPreTokenizer Punctuation(SplitBehavior behavior) => new(new CharacterPattern(UnicodeClasses.IsPunctuation), behavior);

    /// <summary><c>Digits</c>: numbers apart from the rest, and each from the next if wished.</summary>
    public static SplitPreTokenizer Digits(bool eachApart) => new(
        new CharacterPattern(UnicodeClasses.IsNumeric), eachApart ? SplitBehavior.Isolated : SplitBehavior.Contiguous);

    public void PreTokenize(PreTokenizedText text) => text.Split(pattern, behavior);
}
