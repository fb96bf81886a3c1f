using System.Runtime.InteropServices;

namespace ActorEmbed.Inference.Tokenization.Pipeline;

/// <summary>What becomes of the matches when a text is divided at them. The names are those of tokenizer.json.</summary>
internal sealed class SplitBehavior
{
    /// <summary>They are left out.</summary>
    public static readonly SplitBehavior Removed = new(matches => matches.RemoveAll(match => match.IsMatch));

    /// <summary>Each is a piece of its own.</summary>
    public static readonly SplitBehavior Isolated = new(_ => { });

    /// <summary>Those that follow each other are one piece.</summary>
    public static readonly SplitBehavior Contiguous = new(JoinEqual);

    /// <summary>Each is the end of the piece before it; a second one in a row is a piece of its own.</summary>
    public static readonly SplitBehavior MergedWithPrevious = new(JoinPrevious);

    /// <summary>Each is the beginning of the piece after it; of several in a row the last.</summary>
    public static readonly SplitBehavior MergedWithNext = new(JoinNext);

    private readonly Action<List<PatternMatch>> _apply;

    private SplitBehavior(Action<List<PatternMatch>> apply) => _apply = apply;

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

    /// <summary>Makes pieces of the parts that a text was divided into.</summary>
    public void Apply(List<PatternMatch> parts) => _apply(parts);

    private static void JoinEqual(List<PatternMatch> parts) => Join(parts, (last, next, _) => last.IsMatch == next.IsMatch);

    private static void JoinPrevious(List<PatternMatch> parts) => Join(parts, (_, next, wasMatch) => next.IsMatch && !wasMatch);

    private static void JoinNext(List<PatternMatch> parts)
    {
        parts.Reverse();
        Join(parts, (_, next, wasMatch) => next.IsMatch && !wasMatch);
        parts.Reverse();
    }

    /// <summary>Joins parts in place.</summary>
    /// <param name="parts">In order, or all in reverse.</param>
    /// <param name="joins">Whether a part belongs to the piece before it, given whether the part before it was a match.</param>
    private static void Join(List<PatternMatch> parts, Func<PatternMatch, PatternMatch, bool, bool> joins)
    {
        var count = 0;
        var wasMatch = false;
        foreach (var part in CollectionsMarshal.AsSpan(parts))
        {
            if (count > 0 && joins(parts[count - 1], part, wasMatch))
                parts[count - 1] = new PatternMatch(Math.Min(parts[count - 1].Start, part.Start), Math.Max(parts[count - 1].End, part.End), parts[count - 1].IsMatch);
            else
                parts[count++] = part;
            wasMatch = part.IsMatch;
        }

        parts.RemoveRange(count, parts.Count - count);
    }
}
