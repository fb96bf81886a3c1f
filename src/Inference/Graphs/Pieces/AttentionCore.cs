using ActorEmbed.Inference.Graphs.Onnx;

namespace ActorEmbed.Inference.Graphs.Pieces;

/// <summary>The part of a layer that mixes the tokens of a text.</summary>
internal abstract class AttentionCore
{
    /// <summary>Adds what all layers share.</summary>
    /// <param name="graph">The graph to add to.</param>
    /// <param name="paddedTokens">The input <see cref="PackedGraph.PaddedTokens"/>, [B, S].</param>
    /// <param name="architecture">The encoder's shape.</param>
    /// <param name="scoreBias">Added to every layer's scores, or null.</param>
    public static AttentionCore Declare(
        OnnxGraph graph, string paddedTokens, EncoderArchitecture architecture, IScoreBias? scoreBias = null)
    {
        if (graph.IsFixed)
            return new FixedAttentionCore(graph, paddedTokens, architecture, scoreBias);
        if (scoreBias is not null)
            return new PaddedAttentionCore(graph, paddedTokens, architecture, scoreBias);
        if (graph.HasOwnOperators)
            return new FusedAttentionCore(graph, architecture);
        return PackedAttention.TryDeclare(graph, architecture.Heads) is { } packed
            ? new PackedAttentionCore(graph, packed, architecture.Hidden)
            : new PaddedAttentionCore(graph, paddedTokens, architecture, scoreBias);
    }

    /// <param name="queryKeyValue">[T, 3 * hidden].</param>
    /// <returns>The context, [T, hidden].</returns>
    public abstract string Write(string queryKeyValue);

    /// <summary>Queries, keys or values, [T, hidden].</summary>
    protected static string Part(OnnxGraph graph, string queryKeyValue, int part, int hidden) =>
        TokenColumns.Slice(graph, queryKeyValue, part * hidden, (part + 1) * hidden);
}
