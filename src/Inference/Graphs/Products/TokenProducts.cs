using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Graphs.Pieces;

namespace ActorEmbed.Inference.Graphs.Products;

/// <summary>Writes dense products over packed tokens in one precision. What stands between them is the same for all.</summary>
internal abstract class TokenProducts
{
    /// <param name="graph">The graph to add to.</param>
    /// <param name="tokens">[T, rows].</param>
    /// <param name="dense">The product; may be changed.</param>
    /// <param name="what">What the input is, such as the normalised tokens before the attention.</param>
    /// <param name="layer">Of which layer.</param>
    /// <returns>[T, columns].</returns>
    public abstract string Multiply(OnnxGraph graph, string tokens, DenseWeights dense, string what, int layer);
}
