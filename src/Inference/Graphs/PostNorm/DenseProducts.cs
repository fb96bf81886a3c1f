using ActorEmbed.Inference.Graphs.Onnx;

namespace ActorEmbed.Inference.Graphs.PostNorm;

/// <summary>
/// Writes the four dense products of each layer in one precision. Everything between them is the same for all.
/// </summary>
internal abstract class DenseProducts
{
    /// <summary>Normalised tokens [T, hidden] to queries, keys and values [T, 3 * hidden].</summary>
    public abstract string QueryKeyValue(OnnxGraph graph, string tokens, int layer);

    /// <summary>Attention context to the residual's summand, both [T, hidden].</summary>
    public abstract string AttentionOutput(OnnxGraph graph, string context, int layer);

    /// <summary>Normalised tokens [T, hidden] to [T, feed-forward], before the activation.</summary>
    public abstract string FeedForwardUp(OnnxGraph graph, string tokens, int layer);

    /// <summary>[T, feed-forward] after the activation to the residual's summand [T, hidden].</summary>
    public abstract string FeedForwardDown(OnnxGraph graph, string activated, int layer);

    /// <summary>
    /// What <see cref="AttentionOutput"/> leaves out of its result: added to the shift of the normalisation that
    /// feeds the same residual, and taken back in <see cref="QueryKeyValue"/>. Null for nothing.
    /// </summary>
    public virtual float[]? ShiftBeforeAttention(int layer) => null;

    /// <summary>The same for <see cref="FeedForwardDown"/> and <see cref="FeedForwardUp"/>.</summary>
    public virtual float[]? ShiftBeforeFeedForward(int layer) => null;
}
