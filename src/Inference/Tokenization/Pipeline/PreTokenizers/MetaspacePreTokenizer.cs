namespace ActorEmbed.Inference.Tokenization.Pipeline.PreTokenizers;

/// <summary>Writes a mark in the place of each space, and in front of the text or of every piece; a piece begins at each mark.</summary>
internal sealed class MetaspacePreTokenizer(char mark, MetaspacePrepending prepending, bool splits) : IPreTokenizer
{
    private readonly LiteralPattern _mark = new(mark.ToString());

    /// <summary>Whether it has to know which piece stands at the beginning of the original.</summary>
    public bool NeedsAlignment => prepending == MetaspacePrepending.First;

    public void PreTokenize(PreTokenizedText text)
    {
        text.Rewrite(Write);
        if (splits)
            text.Split(_mark, SplitBehavior.MergedWithNext);
    }

    private void Write(AlignedText text, int start, int length, AlignedText result)
    {
        var begins = text.Span[start] == ' ' || text.Span[start] == mark;
        if (!begins && (prepending == MetaspacePrepending.Always || (prepending == MetaspacePrepending.First && text.StartOf(start) == 0)))
            result.Append(mark, text, start);
        for (var i = start; i < start + length; i++)
        {
            if (text.Span[i] == ' ')
                result.Append(mark, text, i);
            else
                result.Append(text, i, 1);
        }
    }
}
