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
    public static string Write(OnnxGraph graph, string input, float[] factors, float epsilon) => graph.IsFixed
        ? WritePlain(graph, input, factors, epsilon)
        : graph.Node(
            StandardDomain,
            "SimplifiedLayerNormalization",
            [input, graph.Floats(factors, factors.Length)],
            [Attribute("epsilon", epsilon), Attribute("axis", -1L)]);

    private static string WritePlain(OnnxGraph graph, string input, float[] factors, float epsilon)
    {
        // In single precision: the square of 256 is beyond the largest number of half.
        var values = graph.ToSingle(input);
        var squares = graph.Node(StandardDomain, "ReduceMean", [graph.Node("Mul", values, values)], [Axes(-1), Attribute("keepdims", 1L)]);
        var root = graph.Node("Sqrt", graph.Node("Add", squares, graph.Singles([epsilon], 1)));
        return graph.Node("Mul", graph.FromSingle(graph.Node("Div", values, root)), graph.Floats(factors, factors.Length));
    }
}
