namespace ActorEmbed.Inference.Graphs;

/// <summary>
/// From where on a text is long: it runs alone, and its attention is computed for a block of its tokens at a time, so that
/// the scores of all pairs of tokens never stand in memory. Which way a text takes is a matter of its own length only.
/// </summary>
/// <param name="LongerThan">Most tokens of a text that is not long; a multiple of <see cref="PackedGraph.PaddingMultiple"/>.</param>
/// <param name="BlockTokens">Tokens whose scores are computed at a time, where the reach or the size of a head asks for no more.</param>
internal readonly record struct LongTexts(int LongerThan, int BlockTokens)
{
    // A product of one row less than it has columns is shared by its columns among the threads, and a narrow share of more
    // summands than this is summed in other blocks: so the last bits would depend on the number of threads.
    private const int SummandsOfOneBlock = 128;

    // Rows of a product whose columns are the keys of a text, where a head has more components than that.
    private const int RowsOfLargeHeads = 2048;

    /// <summary>
    /// 512 tokens is what most encoders take at most, and their graphs need no second way: the scores of 12 heads take 12 MB.
    /// Blocks of 128: those of a head with 8,192 keys take 4 MB, which stay near the core, and packing the keys for fewer
    /// queries costs more than a tenth of multiplying them.
    /// </summary>
    public static LongTexts Usual { get; } = new(LongerThan: 512, BlockTokens: 128);

    /// <summary>Tokens of a block: enough that what a window reaches is no more than twice what is asked of it.</summary>
    /// <param name="reach">What a token sees.</param>
    /// <param name="headSize">Components of a head.</param>
    /// <param name="sharing">Heads of queries that share a head of keys.</param>
    public int BlockOf(AttentionReach reach, int headSize, int sharing)
    {
        if (reach is { Back: { } back, Ahead: { } ahead })
            return Math.Max(BlockTokens, PackedGraph.Padded(Math.Max(back, ahead)));
        return headSize <= SummandsOfOneBlock ? BlockTokens : Math.Max(BlockTokens, RowsOfLargeHeads / sharing);
    }
}
