namespace ActorEmbed.Inference.Tokenization.Pipeline.PreTokenizers;

/// <summary>Divides as GPT-2 does and writes each byte as its visible character.</summary>
/// <param name="addsPrefixSpace">Whether a piece that does not begin with a space gets one.</param>
/// <param name="pattern">GPT-2's own pattern; null where the pieces stay as they are.</param>
/// <param name="writesBytes">False where the model writes the bytes itself.</param>
internal sealed class ByteLevelPreTokenizer(bool addsPrefixSpace, ITextPattern? pattern, bool writesBytes) : IPreTokenizer
{
    /// <summary>The same, without writing bytes.</summary>
    public ByteLevelPreTokenizer WithoutBytes() => new(addsPrefixSpace, pattern, writesBytes: false);

    public void PreTokenize(PreTokenizedText text)
    {
        if (addsPrefixSpace)
            text.Rewrite(PrefixSpace);
        if (pattern is not null)
            text.Split(pattern, SplitBehavior.Isolated);
        if (writesBytes)
            text.Rewrite(ByteAlphabet.Append);
    }

    private static void PrefixSpace(AlignedText text, int start, int length, AlignedText result)
    {
        if (text.Span[start] != ' ')
            result.Append(' ', text, start);
        result.Append(text, start, length);
    }
}
