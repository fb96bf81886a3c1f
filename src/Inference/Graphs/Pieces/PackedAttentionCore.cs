using ActorEmbed.Inference.Graphs.Onnx;

namespace ActorEmbed.Inference.Graphs.Pieces;

/// <summary>Attention as one operator of the device.</summary>
/// <param name="graph">The graph to add to.</param>
/// <param name="packed">Of the graph.</param>
/// <param name="hidden">Length of a token's vector.</param>
internal sealed class PackedAttentionCore(OnnxGraph graph, PackedAttention packed, int hidden) : AttentionCore
{
    public override string Write(string queryKeyValue) =>
        packed.Write(Part(graph, queryKeyValue, 0, hidden), Part(graph, queryKeyValue, 1, hidden), Part(graph, queryKeyValue, 2, hidden));
}
