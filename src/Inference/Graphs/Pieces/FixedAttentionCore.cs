using ActorEmbed.Inference.Graphs.Onnx;
using DataType = ActorEmbed.Inference.Graphs.Onnx.TensorProto.Types.DataType;

namespace ActorEmbed.Inference.Graphs.Pieces;

/// <summary>Attention where all texts of a run are padded to one length.</summary>
internal sealed class FixedAttentionCore : AttentionCore
{
    private readonly OnnxGraph _graph;
    private readonly FixedAttention _attention;
    private readonly int _hidden;
    private readonly string _mask;

    /// <inheritdoc cref="AttentionCore.Declare" />
    public FixedAttentionCore(OnnxGraph graph, string paddedTokens, EncoderArchitecture architecture, IScoreBias? scoreBias)
    {
        (_graph, _hidden) = (graph, architecture.Hidden);
        _attention = new FixedAttention(graph, paddedTokens, architecture.Heads, architecture.Heads, architecture.HeadSize);
        _mask = graph.FromSingle(graph.Input(PackedGraph.AttentionMask, DataType.Float, "B", "1", "1", "S"));
        if (scoreBias is not null)
            _mask = graph.Node("Add", _mask, scoreBias.Write(graph, paddedTokens));
    }

    public override string Write(string queryKeyValue) => _attention.Write(
        Part(_graph, queryKeyValue, 0, _hidden), Part(_graph, queryKeyValue, 1, _hidden), Part(_graph, queryKeyValue, 2, _hidden), _mask);
}
