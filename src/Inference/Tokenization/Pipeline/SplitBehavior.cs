namespace ActorEmbed.Inference.Tokenization.Pipeline;

/// <summary>What becomes of the matches when a text is divided at them. The names are those of tokenizer.json.</summary>
internal sealed class SplitBehavior
{
    /// <summary>They are left out.</summary>
    public static readonly SplitBehavior Removed = new(matches => matches.Where(match => !match.IsMatch));

    /// <summary>Each is a piece of its own.</summary>
    public static readonly SplitBehavior Isolated = new(matches => matches);

    /// <summary>Those that follow each other are one piece.</summary>
    public static readonly SplitBehavior Contiguous = new(JoinEqual);

    /// <summary>Each is the end of the piece before it; a second one in a row is a piece of its own.</summary>
    public static readonly SplitBehavior MergedWithPrevious = new(JoinPrevious);

    /// <summary>Each is the beginning of the piece after it; of several in a row the last.</summary>
    public static readonly SplitBehavior MergedWithNext = new(JoinNext);

    private readonly Func<List<PatternMatch>, IEnumerable<PatternMatch>> _split;

    private SplitBehavior(Func<List<PatternMatch>, IEnumerable<PatternMatch>> split) => _split = split;

    /// <summary>The behaviour of that name; null where there is none.</summary>
    public static SplitBehavior? Named(string name) => name switch
    {
        nameof(Removed) => Removed,
        nameof(Isolated) => Isolated,
        nameof(Contiguous) => Contiguous,
        nameof(MergedWithPrevious) => MergedWithPrevious,
        nameof(MergedWithNext) => MergedWithNext,
        _ => null,
    };

    /// <summary>The pieces of a text that was divided by a pattern.</summary>
    public IEnumerable<PatternMatch> Split(List<PatternMatch> matches) => _split(matches);

    private static List<PatternMatch> JoinEqual(List<PatternMatch> matches)
    {
        var pieces = new List<PatternMatch>();
        foreach (var match in matches)
        {
            if (pieces.Count > 0 && pieces[^1].IsMatch == match.IsMatch)
                pieces[^1] = pieces[^1] with { End = match.End };
            else
                pieces.Add(match);
        }

        return pieces;
    }

    private static List<PatternMatch> JoinPrevious(List<PatternMatch> matches)
    {
        var pieces = new List<PatternMatch>();
        var wasMatch = false;
        foreach (var match in matches)
        {
            if (match.IsMatch && !wasMatch && pieces.Count > 0)
                pieces[^1] = pieces[^1] with { End = match.End };
            else
                pieces.Add(match);
            wasMatch = match.IsMatch;
        }

        return pieces;
    }

    private static List<PatternMatch> JoinNext(List<PatternMatch> matches)
    {
        var pieces = new List<PatternMatch>();
        var wasMatch = false;
        for (var i = matches.Count - 1; i >= 0; i--)
        {
            if (matches[i].IsMatch && !wasMatch && pieces.Count > 0)
                pieces[^1] = pieces[^1] with { Start = matches[i].Start };
            else
                pieces.Add(matches[i]);
            wasMatch = matches[i].IsMatch;
        }

        pieces.Reverse();
        return pieces;
    }
}
