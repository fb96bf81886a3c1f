using ActorEmbed.Inference.Graphs;

namespace ActorEmbed.Inference.Encoders;

/// <summary>Cuts texts into runs of a few shapes, for a device that wants a session for each.</summary>
internal sealed class FixedRuns
{
    /// <summary>
    /// Padded tokens of a run of more than one text: as many as a batch of the server has (<c>MaxTokensPerBatch</c>), so that a full
    /// batch of texts of like length is one run, and none is made of padding for the most part.
    /// </summary>
    public const int MaxPaddedTokens = 1024;

    // Each is a session of its own, which holds the weights once more: three lengths, of which each takes texts of a quarter of it
    // and more. A query or a sentence; a paragraph; what most encoders take at most.
    private static readonly int[] UsualLengths = [32, 128, 512];

    private readonly int[] _lengths;

    /// <param name="longest">Tokens of the longest text, at least 1.</param>
    public FixedRuns(int longest)
    {
        Longest = Math.Min(longest, UsualLengths[^1]);
        _lengths = [.. UsualLengths.Where(length => length < Longest), Longest];
    }

    /// <summary>Tokens of the longest text that there is a shape for.</summary>
    public int Longest { get; }

    /// <summary>The shape of a text alone.</summary>
    /// <param name="tokens">Tokens of the text.</param>
    public FixedShape ShapeOf(int tokens) => new(1, _lengths.First(length => tokens <= length));

    /// <summary>Runs of all texts: none left out, none twice.</summary>
    /// <param name="lengths">Tokens of each text, <see cref="Longest"/> at most.</param>
    /// <returns>The shape of each run, and the indices of its texts, of which there may be fewer than the shape has.</returns>
    public IEnumerable<(FixedShape Shape, int[] Texts)> Cut(ReadOnlySpan<int> lengths)
    {
        var order = LongestFirst.Order(lengths);
        var runs = new List<(FixedShape, int[])>();
        for (var start = 0; start < order.Length;)
        {
            var alone = ShapeOf(lengths[order[start]]);
            var end = start;
            while (end < order.Length && ShapeOf(lengths[order[end]]) == alone)
                end++;
            AddRuns(runs, alone, order[start..end]);
            start = end;
        }

        return runs;
    }

    private static void AddRuns(List<(FixedShape, int[])> runs, FixedShape alone, int[] texts)
    {
        var shared = alone with { Texts = Math.Max(1, MaxPaddedTokens / alone.Length) };
        var rest = texts.AsSpan();
        // A run that is not half full is more padding than its texts would be one by one.
        while (rest.Length * 2 > shared.Texts)
        {
            var taken = rest[..Math.Min(rest.Length, shared.Texts)];
            runs.Add((shared, taken.ToArray()));
            rest = rest[taken.Length..];
        }

        foreach (var text in rest)
            runs.Add((alone, [text]));
    }
}
