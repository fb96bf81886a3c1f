using ActorEmbed.Inference.Graphs.Onnx;

namespace ActorEmbed.Inference.Graphs.Pieces;

/// <summary>What is added to the attention scores of every layer alike.</summary>
internal interface IScoreBias
{
    /// <param name="graph">The graph to add to.</param>
    /// <param name="paddedTokens">The input <see cref="PackedGraph.PaddedTokens"/>, [B, S].</param>
    /// <returns>[1, heads, S, S]: a summand for each head, query and key; for texts that are not long.</returns>
    string Write(OnnxGraph graph, string paddedTokens);

    /// <param name="graph">The graph to add to.</param>
    /// <param name="distances">int64 [block, places], each the place of a query less that of a key.</param>
    /// <returns>[heads, block, places]: a summand for each head and distance.</returns>
    string WriteOfDistances(OnnxGraph graph, string distances);
}
