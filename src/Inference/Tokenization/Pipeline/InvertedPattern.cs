namespace ActorEmbed.Inference.Tokenization.Pipeline;

/// <summary>What lies between the matches of another pattern matches, and the other way round.</summary>
internal sealed class InvertedPattern(ITextPattern pattern) : ITextPattern
{
    public void Match(ReadOnlySpan<char> text, List<PatternMatch> matches)
    {
        pattern.Match(text, matches);
        for (var i = 0; i < matches.Count; i++)
            matches[i] = matches[i] with { IsMatch = !matches[i].IsMatch };
    }
}
