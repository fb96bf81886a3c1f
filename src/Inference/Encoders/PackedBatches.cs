namespace ActorEmbed.Inference.Encoders;

/// <summary>
/// Cuts texts into runs of a padding-free graph: by real tokens, since no linear layer sees padding, and like lengths
/// together, since the attention core still pads.
/// </summary>
internal static class PackedBatches
{
    /// <summary>
    /// Tokens of one run. Measured best between 256 and 512 with every core on a run of its own; beyond about 700 the
    /// activations of a base-sized model leave the cache.
    /// </summary>
    public const int MaxTokens = 384;

    /// <summary>
    /// Fewer tokens than this are not worth a run of their own: a run costs about 3.4 ms, a token 0.13 ms.
    /// </summary>
    public const int MinTokens = 48;

    /// <summary>Indices of the texts of each run: longest first, none left out, none twice.</summary>
    /// <param name="lengths">Tokens of each text.</param>
    /// <param name="cores">Runs that go on at the same time: there are so many or a multiple, where the texts allow it.</param>
    /// <param name="longerThan">Texts of more tokens than this have a run each (<see cref="Graphs.LongTexts"/>).</param>
    public static List<int[]> Cut(ReadOnlySpan<int> lengths, int cores, int longerThan)
    {
        var tokens = 0;
        foreach (var length in lengths)
            tokens += length;

        var order = LongestFirst.Order(lengths);
        var budget = TokensOfRun(tokens, cores);
        var runs = new List<int[]>();
        for (var start = 0; start < order.Length;)
        {
            var end = start;
            var used = 0;
            // A text goes where more of it fits than not, so that the runs come out alike.
            while (end < order.Length && (end == start || (lengths[order[start]] <= longerThan && used + lengths[order[end]] / 2 <= budget)))
                used += lengths[order[end++]];

            runs.Add(order[start..end]);
            start = end;
        }

        return runs;
    }

    private static int TokensOfRun(int tokens, int cores)
    {
        var rounds = (tokens + cores * MaxTokens - 1) / (cores * MaxTokens);
        return Math.Max(MinTokens, (tokens + rounds * cores - 1) / Math.Max(1, rounds * cores));
    }
}
