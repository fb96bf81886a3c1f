using ActorEmbed.Inference.Graphs.Onnx;
using DataType = ActorEmbed.Inference.Graphs.Onnx.TensorProto.Types.DataType;

namespace ActorEmbed.Inference.Graphs.Pieces;

/// <summary>Attention of heads on their own as one operator of our own.</summary>
/// <param name="graph">The graph to add to.</param>
/// <param name="architecture">The encoder's shape.</param>
/// <param name="keyValueHeads">Heads of keys and values; divides those of the queries.</param>
internal sealed class FusedGroupedAttention(OnnxGraph graph, EncoderArchitecture architecture, int keyValueHeads) : GroupedAttention
{
    private readonly string _textStarts = graph.Input(PackedGraph.TextStarts, DataType.Int32, "starts");

    public override string Write(string queries, string keys, string values, AttentionReach reach) => FusedAttention.Write(
        graph, queries, keys, values, _textStarts, (architecture.Heads, keyValueHeads), architecture.HeadSize, reach);
}
