using ActorEmbed.Inference.Graphs.Onnx;
using static ActorEmbed.Inference.Graphs.Onnx.OnnxGraph;

namespace ActorEmbed.Inference.Graphs.Pieces;

/// <summary>Writes a dense product in the graph's own numbers.</summary>
internal static class DenseProduct
{
    /// <param name="graph">The graph to add to.</param>
    /// <param name="input">[T, rows].</param>
    /// <param name="dense">The product.</param>
    /// <returns>[T, columns].</returns>
    public static string Write(OnnxGraph graph, string input, DenseWeights dense)
    {
        // CoreML multiplies by rows. What its provider has to turn itself it writes as text into the model: gigabytes of it, and memory
        // for them (onnxruntime issue 32212).
        var weights = graph.IsFixed
            ? graph.Floats(dense.Transposed(), dense.Columns, dense.Rows)
            : graph.Floats(dense.Weights, dense.Rows, dense.Columns);
        string[] inputs = dense.Bias.Length == 0 ? [input, weights] : [input, weights, graph.Floats(dense.Bias, dense.Columns)];
        return graph.Node(StandardDomain, "Gemm", inputs, graph.IsFixed ? [Attribute("transB", 1L)] : []);
    }
}
