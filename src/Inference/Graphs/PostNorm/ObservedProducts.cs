using ActorEmbed.Inference.Graphs.Onnx;

namespace ActorEmbed.Inference.Graphs.PostNorm;

/// <summary>Exact products in a graph that also tells what went into them: the graph that calibration runs.</summary>
internal sealed class ObservedProducts(EncoderArchitecture architecture, PostNormWeights weights) : ExactProducts(weights)
{
    /// <summary>The normalised tokens before the attention.</summary>
    public const string AttentionInput = "attention_input";

    /// <summary>The attention context.</summary>
    public const string Context = "context";

    /// <summary>The normalised tokens before the feed-forward block.</summary>
    public const string FeedForwardInput = "feed_forward_input";

    /// <summary>What the activation gave.</summary>
    public const string Activated = "activated";

    public override string QueryKeyValue(OnnxGraph graph, string tokens, int layer)
    {
        ActivationStatistics.Observe(graph, tokens, architecture.Hidden, AttentionInput, layer);
        return base.QueryKeyValue(graph, tokens, layer);
    }

    public override string AttentionOutput(OnnxGraph graph, string context, int layer)
    {
        ActivationStatistics.Observe(graph, context, architecture.Hidden, Context, layer);
        return base.AttentionOutput(graph, context, layer);
    }

    public override string FeedForwardUp(OnnxGraph graph, string tokens, int layer)
    {
        ActivationStatistics.Observe(graph, tokens, architecture.Hidden, FeedForwardInput, layer);
        return base.FeedForwardUp(graph, tokens, layer);
    }

    public override string FeedForwardDown(OnnxGraph graph, string activated, int layer)
    {
        ActivationStatistics.Observe(graph, activated, architecture.FeedForward, Activated, layer);
        return base.FeedForwardDown(graph, activated, layer);
    }
}
