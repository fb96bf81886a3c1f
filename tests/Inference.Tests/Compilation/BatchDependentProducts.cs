using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Graphs.PostNorm;

namespace ActorEmbed.Inference.Tests.Compilation;

/// <summary>The mistake that per-tensor dynamic quantisation makes: one range over the whole run.</summary>
internal sealed class BatchDependentProducts(PostNormWeights weights) : ExactProducts(weights)
{
    public override string QueryKeyValue(OnnxGraph graph, string tokens, int layer)
    {
        var greatest = graph.Node(OnnxGraph.StandardDomain, "ReduceMax", [tokens], [OnnxGraph.Attribute("keepdims", 1L)]);
        return base.QueryKeyValue(graph, graph.Node("Div", tokens, greatest), layer);
    }
}
