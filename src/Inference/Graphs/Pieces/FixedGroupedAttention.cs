using ActorEmbed.Inference.Graphs.Onnx;

namespace ActorEmbed.Inference.Graphs.Pieces;

/// <summary>Attention of heads on their own where all texts of a run are padded to one length.</summary>
internal sealed class FixedGroupedAttention : GroupedAttention
{
    private readonly FixedAttention _attention;
    private readonly ReachMask _mask;

    /// <inheritdoc cref="GroupedAttention.Declare" />
    public FixedGroupedAttention(OnnxGraph graph, string paddedTokens, EncoderArchitecture architecture, int keyValueHeads)
    {
        var (heads, headSize) = (architecture.Heads, architecture.HeadSize);
        var blockwise = new BlockwiseAttention(architecture.LongTexts, heads, keyValueHeads, headSize);
        _attention = new FixedAttention(graph, paddedTokens, heads, keyValueHeads, headSize);
        _mask = new ReachMask(graph, paddedTokens, new TextLength(graph, paddedTokens, architecture), blockwise.BlockOf);
    }

    public override string Write(string queries, string keys, string values, AttentionReach reach) =>
        _attention.Write(queries, keys, values, _mask.Of(reach));
}
