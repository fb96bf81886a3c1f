namespace ActorEmbed.Inference.Encoding;

/// <summary>Token ids to pooled vectors: one graph in one session. Safe for concurrent use.</summary>
internal interface ITextEncoder : IDisposable
{
    /// <summary>Length of each vector.</summary>
    int Dimensions { get; }

    /// <summary>
    /// Runs the graph once over all given texts. The caller keeps the run small: see <see cref="MicroBatches"/>.
    /// </summary>
    /// <param name="texts">Token ids of each text, special tokens included.</param>
    /// <returns>The pooled vector of each text, in order; not normalised.</returns>
    float[][] Encode(ReadOnlySpan<int[]> texts);
}
