using ActorEmbed.Inference.Graphs.Onnx;

namespace ActorEmbed.Inference.Graphs.Pieces;

/// <summary>
/// The part of a layer that mixes the tokens of a text, for heads that were turned or normalised on their own and may
/// share keys and values.
/// </summary>
internal abstract class GroupedAttention
{
    /// <summary>Adds what all layers share.</summary>
    /// <param name="graph">The graph to add to.</param>
    /// <param name="paddedTokens">The input <see cref="PackedGraph.PaddedTokens"/>, [B, S].</param>
    /// <param name="architecture">The encoder's shape.</param>
    /// <param name="keyValueHeads">Heads of keys and values; divides those of the queries.</param>
    public static GroupedAttention Declare(OnnxGraph graph, string paddedTokens, EncoderArchitecture architecture, int keyValueHeads) =>
        graph.IsFixed ? new FixedGroupedAttention(graph, paddedTokens, architecture, keyValueHeads)
        : graph.HasOwnOperators ? new FusedGroupedAttention(graph, architecture, keyValueHeads)
        : new PaddedGroupedAttention(graph, paddedTokens, architecture, keyValueHeads);

    /// <param name="queries">[T * heads, head size]; the factor of the scores is in them.</param>
    /// <param name="keys">[T * key-value heads, head size].</param>
    /// <param name="values">[T, key-value heads * head size].</param>
    /// <param name="reach">Which tokens a token attends to.</param>
    /// <returns>The context, [T, heads * head size].</returns>
    public abstract string Write(string queries, string keys, string values, AttentionReach reach);
}
