namespace ActorEmbed.Inference.Tokenization.Pipeline;

/// <summary>A text, and the pieces that it is divided into so far. Each piece is tokenized by itself.</summary>
/// <param name="text">The text.</param>
/// <param name="pieces">Parts of it, none of them empty, in order.</param>
internal sealed class PreTokenizedText(AlignedText text, List<Range> pieces)
{
    /// <summary>The text that <see cref="Pieces"/> are parts of.</summary>
    public AlignedText Text { get; private set; } = text;

    /// <summary>Parts of <see cref="Text"/>, none of them empty, in order.</summary>
    public List<Range> Pieces { get; private set; } = pieces;

    /// <summary>Divides each piece.</summary>
    public void Split(ITextPattern pattern, SplitBehavior behavior)
    {
        var pieces = new List<Range>(Pieces.Count);
        var parts = new List<PatternMatch>();
        foreach (var piece in Pieces)
        {
            var start = piece.Start.Value;
            pattern.Match(Text.Span[piece], parts);
            behavior.Apply(parts);
            foreach (var part in parts)
            {
                if (part.Start < part.End)
                    pieces.Add((start + part.Start)..(start + part.End));
            }
        }

        Pieces = pieces;
    }

    /// <summary>Writes each piece anew.</summary>
    /// <param name="write">Takes the text, the piece's start and length, and what to append to.</param>
    public void Rewrite(Action<AlignedText, int, int, AlignedText> write)
    {
        var text = new AlignedText(Text.Length + Pieces.Count, Text.IsAligned);
        var pieces = new List<Range>(Pieces.Count);
        foreach (var piece in Pieces)
        {
            var (start, length) = piece.GetOffsetAndLength(Text.Length);
            var first = text.Length;
            write(Text, start, length, text);
            pieces.Add(first..text.Length);
        }

        (Text, Pieces) = (text, pieces);
    }
}
