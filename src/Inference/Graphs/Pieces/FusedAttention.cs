using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Operators;
using static ActorEmbed.Inference.Graphs.Onnx.OnnxGraph;

namespace ActorEmbed.Inference.Graphs.Pieces;

/// <summary>Writes attention as one operator of our own.</summary>
internal static class FusedAttention
{
    /// <param name="graph">The graph to add to.</param>
    /// <param name="queries">[T, heads * head size]; the factor of the scores is in them. Or all three side by side.</param>
    /// <param name="keys">[T, key-value heads * head size]; empty where they are beside the queries.</param>
    /// <param name="values">As many, behind them.</param>
    /// <param name="textStarts">The input <see cref="PackedGraph.TextStarts"/>.</param>
    /// <param name="heads">Heads of queries, and of keys and values.</param>
    /// <param name="headSize">Components of a head.</param>
    /// <param name="reach">What a token sees.</param>
    /// <param name="scales">[T, 1], what each token of those side by side is multiplied by; empty for nothing.</param>
    /// <param name="bias">Added to each; empty for nothing.</param>
    /// <returns>The context, [T, heads * head size].</returns>
    public static string Write(
        OnnxGraph graph, string queries, string keys, string values, string textStarts,
        (int Queries, int KeyValues) heads, int headSize, AttentionReach reach, string scales = "", string bias = "") =>
        graph.Node(
            OperatorDomain.Name,
            AttendTokens.Name,
            [queries, keys, values, textStarts, scales, bias],
            [
                Attribute(AttendTokens.HeadsAttribute, (long)heads.Queries), Attribute(AttendTokens.KeyValueHeadsAttribute, (long)heads.KeyValues), Attribute(AttendTokens.HeadSizeAttribute, (long)headSize),
                Attribute(AttendTokens.BackAttribute, (long)(reach.Back ?? AttendTokens.Everything)), Attribute(AttendTokens.AheadAttribute, (long)(reach.Ahead ?? AttendTokens.Everything)),
            ]);
}
