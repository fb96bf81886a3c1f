using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Graphs.Pieces;

namespace ActorEmbed.Inference.Graphs.PostNorm;

/// <summary>Dense products in single precision.</summary>
internal class ExactProducts(PostNormWeights weights) : DenseProducts
{
    public override string QueryKeyValue(OnnxGraph graph, string tokens, int layer) =>
        DenseProduct.Write(graph, tokens, weights.QueryKeyValue(layer));

    public override string AttentionOutput(OnnxGraph graph, string context, int layer) =>
        DenseProduct.Write(graph, context, weights.AttentionOutput(layer));

    public override string FeedForwardUp(OnnxGraph graph, string tokens, int layer) =>
        DenseProduct.Write(graph, tokens, weights.FeedForwardUp(layer));

    public override string FeedForwardDown(OnnxGraph graph, string activated, int layer) =>
        DenseProduct.Write(graph, activated, weights.FeedForwardDown(layer));
}
