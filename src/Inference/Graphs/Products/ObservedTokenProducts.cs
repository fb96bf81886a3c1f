using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Graphs.Pieces;

namespace ActorEmbed.Inference.Graphs.Products;

/// <summary>Exact products in a graph that also tells what went into each.</summary>
internal sealed class ObservedTokenProducts : ExactTokenProducts
{
    public override string Multiply(OnnxGraph graph, string tokens, DenseWeights dense, string what, int layer)
    {
        ActivationStatistics.Observe(graph, tokens, dense.Rows, what, layer);
        return base.Multiply(graph, tokens, dense, what, layer);
    }
}
