namespace ActorEmbed.Inference.Tokenization.Pipeline;

/// <summary>What lies between the matches of another pattern matches, and the other way round.</summary>
internal sealed class InvertedPattern(ITextPattern pattern) : ITextPattern
{
    public List<PatternMatch> Matches(ReadOnlySpan<char> text)
    {
        var matches = pattern.Matches(text);
        for (var i = 0; i < matches.Count; i++)
            matches[i] = matches[i] with { IsMatch = !matches[i].IsMatch };
        return matches;
    }
}
