using ActorEmbed.Inference.Graphs.Onnx;

namespace ActorEmbed.Inference.Graphs.Pieces;

/// <summary>What is added to the attention scores of every layer alike.</summary>
internal interface IScoreBias
{
    /// <param name="graph">The graph to add to.</param>
    /// <param name="paddedTokens">The input <see cref="PackedGraph.PaddedTokens"/>, [B, S].</param>
    /// <returns>[1, heads, S, S]: a summand for each head, query and key.</returns>
    string Write(OnnxGraph graph, string paddedTokens);
}
