using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Graphs.Pieces;

namespace ActorEmbed.Inference.Graphs.Products;

/// <summary>Dense products in single precision.</summary>
internal class ExactTokenProducts : TokenProducts
{
    public override string Multiply(OnnxGraph graph, string tokens, DenseWeights dense, string what, int layer)
    {
        var weights = graph.Floats(dense.Weights, dense.Rows, dense.Columns);
        return dense.Bias.Length == 0
            ? graph.Node("Gemm", tokens, weights)
            : graph.Node("Gemm", tokens, weights, graph.Floats(dense.Bias, dense.Columns));
    }
}
