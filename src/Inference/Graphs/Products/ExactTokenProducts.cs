using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Graphs.Pieces;

namespace ActorEmbed.Inference.Graphs.Products;

/// <summary>Dense products in single precision.</summary>
internal class ExactTokenProducts : TokenProducts
{
    public override string Multiply(OnnxGraph graph, string tokens, DenseWeights dense, string what, int layer) =>
        DenseProduct.Write(graph, tokens, dense);
}
