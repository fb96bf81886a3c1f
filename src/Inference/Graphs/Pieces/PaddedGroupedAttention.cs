using System.Globalization;
using ActorEmbed.Inference.Graphs.Onnx;
using static ActorEmbed.Inference.Graphs.Onnx.OnnxGraph;
using DataType = ActorEmbed.Inference.Graphs.Onnx.TensorProto.Types.DataType;

namespace ActorEmbed.Inference.Graphs.Pieces;

/// <summary>Attention of heads on their own by plain operators: unpack, attend, pack again.</summary>
internal sealed class PaddedGroupedAttention : GroupedAttention
{
    private readonly OnnxGraph _graph;
    private readonly PackedAttention? _packed;
    private readonly TextLength _length;
    private readonly BlockwiseAttention _blockwise;
    private readonly int _headSize;
    private readonly ReachMask _mask;
    private readonly string _queries;
    private readonly string _keysAndValues;
    private readonly string _packedHeads;
    private readonly string _rowsOfHeads;
    private readonly string _rowsOfTokens;

    /// <param name="graph">The graph to add to.</param>
    /// <param name="paddedTokens">The input <see cref="PackedGraph.PaddedTokens"/>, [B, S].</param>
    /// <param name="architecture">The encoder's shape.</param>
    /// <param name="keyValueHeads">Heads of keys and values; divides those of the queries.</param>
    public PaddedGroupedAttention(OnnxGraph graph, string paddedTokens, EncoderArchitecture architecture, int keyValueHeads)
    {
        var (heads, headSize) = (architecture.Heads, architecture.HeadSize);
        _headSize = headSize;
        _graph = graph;
        _packed = keyValueHeads == heads ? PackedAttention.TryDeclare(graph, heads) : null;
        _length = new TextLength(graph, paddedTokens, architecture);
        _blockwise = new BlockwiseAttention(architecture.LongTexts, heads, keyValueHeads, headSize);
        _mask = new ReachMask(graph, paddedTokens, _length, _blockwise.BlockOf);
        var texts = graph.Node("Unsqueeze", paddedTokens, graph.Int64s(1));
        int[] queryHeads = [.. Enumerable.Range(0, heads)];
        int[] sharedHeads = [.. queryHeads.Select(head => head / (heads / keyValueHeads))];
        _queries = Rows(graph, texts, heads, queryHeads);
        _keysAndValues = Rows(graph, texts, keyValueHeads, sharedHeads);
        _packedHeads = graph.Input(PackedGraph.PackedHeads, DataType.Int32, "T", heads.ToString(CultureInfo.InvariantCulture));
        _rowsOfHeads = graph.Int64s(-1, headSize);
        _rowsOfTokens = graph.Int64s(-1, heads * headSize);
    }

    public override string Write(string queries, string keys, string values, AttentionReach reach)
    {
        if (_packed is not null && reach == AttentionReach.Everything)
            return _packed.Write(_graph.Node("Reshape", queries, _rowsOfTokens), _graph.Node("Reshape", keys, _rowsOfTokens), values);
        var mask = _mask.Of(reach);
        return _length.Either(
            whole => WriteWhole(whole, queries, keys, values, mask),
            blockwise => _blockwise.Write(blockwise, queries, keys, values, reach, reach == AttentionReach.Everything ? null : mask));
    }

    private string WriteWhole(OnnxGraph graph, string queries, string keys, string values, string mask)
    {
        var unpackedQueries = graph.Node("Gather", queries, _queries);
        var unpackedKeys = graph.Node("Gather", keys, _keysAndValues);
        var unpackedValues = graph.Node("Gather", graph.Node("Reshape", values, _rowsOfHeads), _keysAndValues);

        var scores = AttentionScores.Write(graph, unpackedQueries, unpackedKeys, _headSize);
        var shares = graph.Node(StandardDomain, "Softmax", [graph.Node("Add", scores, mask)], [Attribute("axis", -1L)]);
        var context = graph.Node("Reshape", graph.Node("MatMul", shares, unpackedValues), _rowsOfHeads);
        return graph.Node("Reshape", graph.Node("Gather", context, _packedHeads), _rowsOfTokens);
    }

    /// <summary>[B, heads, S]: the row of each head of each padded place, where a token has <paramref name="perToken"/> rows.</summary>
    private static string Rows(OnnxGraph graph, string texts, int perToken, int[] heads) => graph.Node(
        "Add", graph.Node("Mul", texts, graph.Int32s([perToken])), graph.Int32s(heads, heads.Length, 1));
}
