using System.Numerics.Tensors;
using ActorEmbed.Inference.Graphs.Onnx;
using static ActorEmbed.Inference.Graphs.Onnx.OnnxGraph;

namespace ActorEmbed.Inference.Graphs.Pieces;

/// <summary>A layer normalisation with factor and, where it has one, shift.</summary>
internal static class LayerNorm
{
    /// <param name="graph">The graph to add to.</param>
    /// <param name="input">[T, hidden].</param>
    /// <param name="norm">Changed here where there is a shift.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="shift">[hidden] added to the norm's own shift, or null.</param>
    public static string Write(OnnxGraph graph, string input, NormWeights norm, float epsilon, float[]? shift = null)
    {
        var beta = norm.Beta;
        if (shift is not null)
            TensorPrimitives.Add(beta, shift, beta);
        return graph.Node(
            StandardDomain,
            "LayerNormalization",
            beta.Length == 0
                ? [input, graph.Floats(norm.Gamma, norm.Gamma.Length)]
                : [input, graph.Floats(norm.Gamma, norm.Gamma.Length), graph.Floats(beta, beta.Length)],
            [Attribute("epsilon", epsilon), Attribute("axis", -1L)]);
    }
}
