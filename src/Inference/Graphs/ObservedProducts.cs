using ActorEmbed.Inference.Graphs.Onnx;
using static ActorEmbed.Inference.Graphs.Onnx.OnnxGraph;

namespace ActorEmbed.Inference.Graphs;

/// <summary>Exact products in a graph that also tells what went into them: the graph that calibration runs.</summary>
internal sealed class ObservedProducts(EncoderWeights weights) : ExactProducts(weights)
{
    public const string AttentionInputMin = "attention_input_min";
    public const string AttentionInputMax = "attention_input_max";
    public const string ContextMax = "context_max";
    public const string FeedForwardInputMin = "feed_forward_input_min";
    public const string FeedForwardInputMax = "feed_forward_input_max";

    /// <summary>Name of a graph output, float [hidden].</summary>
    public static string OutputName(string what, int layer) => $"{what}_{layer}";

    public override string QueryKeyValue(OnnxGraph graph, string tokens, int layer)
    {
        Observe(graph, "ReduceMin", tokens, AttentionInputMin, layer);
        Observe(graph, "ReduceMax", tokens, AttentionInputMax, layer);
        return base.QueryKeyValue(graph, tokens, layer);
    }

    public override string AttentionOutput(OnnxGraph graph, string context, int layer)
    {
        Observe(graph, "ReduceMax", graph.Node("Abs", context), ContextMax, layer);
        return base.AttentionOutput(graph, context, layer);
    }

    public override string FeedForwardUp(OnnxGraph graph, string tokens, int layer)
    {
        Observe(graph, "ReduceMin", tokens, FeedForwardInputMin, layer);
        Observe(graph, "ReduceMax", tokens, FeedForwardInputMax, layer);
        return base.FeedForwardUp(graph, tokens, layer);
    }

    private static void Observe(OnnxGraph graph, string reduction, string value, string what, int layer) =>
        graph.Output(
            graph.Node(StandardDomain, reduction, [value], [Axes(0), Attribute("keepdims", 0L)]),
            OutputName(what, layer),
            "hidden");
}
