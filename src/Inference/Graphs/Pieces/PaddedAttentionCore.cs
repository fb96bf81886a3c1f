using System.Globalization;
using ActorEmbed.Inference.Graphs.Onnx;
using static ActorEmbed.Inference.Graphs.Onnx.OnnxGraph;
using DataType = ActorEmbed.Inference.Graphs.Onnx.TensorProto.Types.DataType;

namespace ActorEmbed.Inference.Graphs.Pieces;

/// <summary>Attention of plain operators: unpack, attend, pack again.</summary>
internal sealed class PaddedAttentionCore : AttentionCore
{
    private readonly TextLength _length;
    private readonly BlockwiseAttention _blockwise;
    private readonly int _hidden;
    private readonly int _headSize;
    private readonly bool _hasBias;
    private readonly string _queries;
    private readonly string _keys;
    private readonly string _values;
    private readonly string _mask;
    private readonly string _packedHeads;
    private readonly string _rowsOfHeads;
    private readonly string _rowsOfTokens;

    /// <param name="graph">The graph to add to.</param>
    /// <param name="paddedTokens">The input <see cref="PackedGraph.PaddedTokens"/>, [B, S].</param>
    /// <param name="architecture">The encoder's shape.</param>
    /// <param name="scoreBias">Added to every layer's scores, or null.</param>
    public PaddedAttentionCore(OnnxGraph graph, string paddedTokens, EncoderArchitecture architecture, IScoreBias? scoreBias)
    {
        var heads = architecture.Heads.ToString(CultureInfo.InvariantCulture);
        (_hidden, _headSize) = (architecture.Hidden, architecture.HeadSize);
        _length = new TextLength(graph, paddedTokens, architecture);
        _blockwise = new BlockwiseAttention(architecture.LongTexts, architecture.Heads, architecture.Heads, architecture.HeadSize);
        _queries = graph.Input(PackedGraph.PaddedHeads, DataType.Int32, "B", heads, "S");
        _keys = graph.Node("Add", _queries, graph.Int32s([architecture.Heads]));
        _values = graph.Node("Add", _queries, graph.Int32s([2 * architecture.Heads]));
        _mask = graph.FromSingle(graph.Input(PackedGraph.AttentionMask, DataType.Float, "B", "1", "1", "S"));
        if (scoreBias is not null)
        {
            var padding = _mask;
            _hasBias = true;
            _mask = _length.Either(
                whole => whole.Node("Add", padding, scoreBias.Write(whole, paddedTokens)),
                blockwise => scoreBias.WriteOfDistances(
                    blockwise, KeyRanges.Distances(blockwise, _blockwise.BlockOf(AttentionReach.Everything), AttentionReach.Everything)));
        }

        _packedHeads = graph.Input(PackedGraph.PackedHeads, DataType.Int32, "T", heads);
        _rowsOfHeads = graph.Int64s(-1, architecture.HeadSize);
        _rowsOfTokens = graph.Int64s(-1, architecture.Hidden);
    }

    public override string Write(string queryKeyValue) => _length.Either(
        whole => WriteWhole(whole, queryKeyValue),
        blockwise => _blockwise.Write(
            blockwise,
            Part(blockwise, queryKeyValue, 0, _hidden),
            Part(blockwise, queryKeyValue, 1, _hidden),
            Part(blockwise, queryKeyValue, 2, _hidden),
            AttentionReach.Everything,
            _hasBias ? _mask : null,
            areOfHeads: _hasBias));

    private string WriteWhole(OnnxGraph graph, string queryKeyValue)
    {
        // One gather each unpacks, splits and transposes at once.
        var rows = graph.Node("Reshape", queryKeyValue, _rowsOfHeads);
        var queries = graph.Node("Gather", rows, _queries);
        var keys = graph.Node("Gather", rows, _keys);
        var values = graph.Node("Gather", rows, _values);

        var scores = AttentionScores.Write(graph, queries, keys, _headSize);
        var shares = graph.Node(StandardDomain, "Softmax", [graph.Node("Add", scores, _mask)], [Attribute("axis", -1L)]);
        var context = graph.Node("Reshape", graph.Node("MatMul", shares, values), _rowsOfHeads);
        return graph.Node("Reshape", graph.Node("Gather", context, _packedHeads), _rowsOfTokens);
    }
}
