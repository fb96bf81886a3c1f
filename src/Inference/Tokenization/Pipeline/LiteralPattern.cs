namespace ActorEmbed.Inference.Tokenization.Pipeline;

/// <summary>A text to be found as it is written.</summary>
internal sealed class LiteralPattern(string literal) : ITextPattern
{
    public void Match(ReadOnlySpan<char> text, List<PatternMatch> matches)
    {
        matches.Clear();
        for (var from = 0; from < text.Length;)
        {
            var distance = text[from..].IndexOf(literal, StringComparison.Ordinal);
            var start = distance < 0 ? text.Length : from + distance;
            if (from < start)
                matches.Add(new PatternMatch(from, start, IsMatch: false));
            if (distance >= 0)
                matches.Add(new PatternMatch(start, start + literal.Length, IsMatch: true));
            from = distance < 0 ? text.Length : start + literal.Length;
        }
    }
}
