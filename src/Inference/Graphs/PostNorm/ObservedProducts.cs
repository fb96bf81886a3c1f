using ActorEmbed.Inference.Graphs.Onnx;
using static ActorEmbed.Inference.Graphs.Onnx.OnnxGraph;

namespace ActorEmbed.Inference.Graphs.PostNorm;

/// <summary>Exact products in a graph that also tells what went into them: the graph that calibration runs.</summary>
internal sealed class ObservedProducts(PostNormWeights weights) : ExactProducts(weights)
{
    /// <summary>The normalised tokens before the attention.</summary>
    public const string AttentionInput = "attention_input";

    /// <summary>The attention context; only its greatest magnitude is observed.</summary>
    public const string Context = "context";

    /// <summary>The normalised tokens before the feed-forward block.</summary>
    public const string FeedForwardInput = "feed_forward_input";

    public override string QueryKeyValue(OnnxGraph graph, string tokens, int layer)
    {
        Observe(graph, tokens, AttentionInput, layer);
        return base.QueryKeyValue(graph, tokens, layer);
    }

    public override string AttentionOutput(OnnxGraph graph, string context, int layer)
    {
        Reduce(graph, "ReduceMax", graph.Node("Abs", context), ActivationRanges.MaxOf(Context, layer));
        return base.AttentionOutput(graph, context, layer);
    }

    public override string FeedForwardUp(OnnxGraph graph, string tokens, int layer)
    {
        Observe(graph, tokens, FeedForwardInput, layer);
        return base.FeedForwardUp(graph, tokens, layer);
    }

    private static void Observe(OnnxGraph graph, string value, string what, int layer)
    {
        Reduce(graph, "ReduceMin", value, ActivationRanges.MinOf(what, layer));
        Reduce(graph, "ReduceMax", value, ActivationRanges.MaxOf(what, layer));
    }

    private static void Reduce(OnnxGraph graph, string reduction, string value, string output) => graph.Output(
        graph.Node(StandardDomain, reduction, [value], [Axes(0), Attribute("keepdims", 0L)]), output, "hidden");
}
