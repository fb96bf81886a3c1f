using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Graphs.Pieces;
using static ActorEmbed.Inference.Graphs.Onnx.OnnxGraph;

namespace ActorEmbed.Inference.Graphs.Products;

/// <summary>Exact products in a graph that also tells the greatest magnitude of what went into each.</summary>
internal sealed class ObservedTokenProducts : ExactTokenProducts
{
    public override string Multiply(OnnxGraph graph, string tokens, DenseWeights dense, string what, int layer)
    {
        var greatest = graph.Node(StandardDomain, "ReduceMax", [graph.Node("Abs", tokens)], [Axes(0), Attribute("keepdims", 0L)]);
        graph.Output(greatest, ActivationRanges.MaxOf(what, layer), "width");
        return base.Multiply(graph, tokens, dense, what, layer);
    }
}
