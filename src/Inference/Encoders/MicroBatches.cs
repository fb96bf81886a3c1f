namespace ActorEmbed.Inference.Encoders;

/// <summary>Cuts texts into runs of the graph: like lengths together, so that little is spent on padding.</summary>
internal static class MicroBatches
{
    /// <summary>
    /// Padded tokens of one run. Measured best between 256 and 512; beyond about 700 the activations of a base-sized
    /// model leave the cache.
    /// </summary>
    public const int MaxPaddedTokens = 512;

    /// <summary>Indices of the texts of each run: longest first, none left out, none twice.</summary>
    /// <param name="lengths">Tokens of each text.</param>
    /// <param name="maxPaddedTokens">Texts times longest text of a run; a longer single text runs alone.</param>
    /// <param name="longerThan">Texts of more tokens than this have a run each (<see cref="Graphs.LongTexts"/>).</param>
    public static List<int[]> Cut(ReadOnlySpan<int> lengths, int maxPaddedTokens = MaxPaddedTokens, int longerThan = int.MaxValue)
    {
        var order = LongestFirst.Order(lengths);
        var runs = new List<int[]>();
        for (var start = 0; start < order.Length;)
        {
            var longest = lengths[order[start]];
            var textsInRun = longest > longerThan ? 1 : Math.Max(1, maxPaddedTokens / Math.Max(1, longest));
            var end = Math.Min(order.Length, start + textsInRun);
            runs.Add(order[start..end]);
            start = end;
        }

        return runs;
    }
}
