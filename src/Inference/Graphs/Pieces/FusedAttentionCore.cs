using ActorEmbed.Inference.Graphs.Onnx;
using DataType = ActorEmbed.Inference.Graphs.Onnx.TensorProto.Types.DataType;

namespace ActorEmbed.Inference.Graphs.Pieces;

/// <summary>Attention as one operator of our own.</summary>
/// <param name="graph">The graph to add to.</param>
/// <param name="architecture">The encoder's shape.</param>
internal sealed class FusedAttentionCore(OnnxGraph graph, EncoderArchitecture architecture) : AttentionCore
{
    private readonly string _textStarts = graph.Input(PackedGraph.TextStarts, DataType.Int32, "starts");

    public override string Write(string queryKeyValue) => FusedAttention.Write(
        graph, queryKeyValue, "", "", _textStarts, (architecture.Heads, architecture.Heads), architecture.HeadSize, AttentionReach.Everything);
}
