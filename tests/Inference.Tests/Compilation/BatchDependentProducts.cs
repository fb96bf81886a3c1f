using ActorEmbed.Inference.Graphs;
using ActorEmbed.Inference.Graphs.Onnx;

namespace ActorEmbed.Inference.Tests.Compilation;

/// <summary>The mistake that per-tensor dynamic quantisation makes: one range over the whole run.</summary>
internal sealed class BatchDependentProducts(EncoderWeights weights) : ExactProducts(weights)
{
    public override string QueryKeyValue(OnnxGraph graph, string tokens, int layer)
    {
        var greatest = graph.Node(OnnxGraph.StandardDomain, "ReduceMax", [tokens], [OnnxGraph.Attribute("keepdims", 1L)]);
        return base.QueryKeyValue(graph, graph.Node("Div", tokens, greatest), layer);
    }
}
