using ActorEmbed.Inference.Graphs.Onnx;
using static ActorEmbed.Inference.Graphs.Onnx.OnnxGraph;

namespace ActorEmbed.Inference.Graphs.Pieces;

/// <summary>A normalisation by the root of the mean square, without mean and shift.</summary>
internal static class RmsNorm
{
    /// <param name="graph">The graph to add to.</param>
    /// <param name="input">[rows, width].</param>
    /// <param name="factors">[width].</param>
    /// <param name="epsilon">Added to the mean square.</param>
    public static string Write(OnnxGraph graph, string input, float[] factors, float epsilon) => graph.Node(
        StandardDomain,
        "SimplifiedLayerNormalization",
        [input, graph.Floats(factors, factors.Length)],
        [Attribute("epsilon", epsilon), Attribute("axis", -1L)]);
}
