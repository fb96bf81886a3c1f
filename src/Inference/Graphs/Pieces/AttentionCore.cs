using System.Globalization;
using ActorEmbed.Inference.Graphs.Onnx;
using static ActorEmbed.Inference.Graphs.Onnx.OnnxGraph;
using DataType = ActorEmbed.Inference.Graphs.Onnx.TensorProto.Types.DataType;

namespace ActorEmbed.Inference.Graphs.Pieces;

/// <summary>The part of a layer that mixes the tokens of a text: unpack, attend, pack again.</summary>
internal sealed class AttentionCore
{
    private readonly string _queries;
    private readonly string _keys;
    private readonly string _values;
    private readonly string _mask;
    private readonly string _packedHeads;
    private readonly string _rowsOfHeads;
    private readonly string _rowsOfTokens;

    private AttentionCore(OnnxGraph graph, EncoderArchitecture architecture, string? scoreBias)
    {
        var heads = architecture.Heads.ToString(CultureInfo.InvariantCulture);
        _queries = graph.Input(PackedGraph.PaddedHeads, DataType.Int32, "B", heads, "S");
        _keys = graph.Node("Add", _queries, graph.Int32s([architecture.Heads]));
        _values = graph.Node("Add", _queries, graph.Int32s([2 * architecture.Heads]));
        var mask = graph.Input(PackedGraph.AttentionMask, DataType.Float, "B", "1", "1", "S");
        _mask = scoreBias is null ? mask : graph.Node("Add", mask, scoreBias);
        _packedHeads = graph.Input(PackedGraph.PackedHeads, DataType.Int32, "T", heads);
        _rowsOfHeads = graph.Int64s(-1, architecture.HeadSize);
        _rowsOfTokens = graph.Int64s(-1, architecture.Hidden);
    }

    /// <summary>Adds what all layers share.</summary>
    /// <param name="graph">The graph to add to.</param>
    /// <param name="architecture">The encoder's shape.</param>
    /// <param name="scoreBias">[1, heads, S, S] added to every layer's scores, or null.</param>
    public static AttentionCore Declare(OnnxGraph graph, EncoderArchitecture architecture, string? scoreBias = null) =>
        new(graph, architecture, scoreBias);

    /// <param name="graph">The graph to add to.</param>
    /// <param name="queryKeyValue">[T, 3 * hidden].</param>
    /// <returns>The context, [T, hidden].</returns>
    public string Write(OnnxGraph graph, string queryKeyValue)
    {
        // One gather each unpacks, splits and transposes at once.
        var rows = graph.Node("Reshape", queryKeyValue, _rowsOfHeads);
        var queries = graph.Node("Gather", rows, _queries);
        var keys = graph.Node("Gather", rows, _keys);
        var values = graph.Node("Gather", rows, _values);

        var scores = graph.Node(MicrosoftDomain, "FusedMatMul", [queries, keys], [Attribute("transB", 1L)]);
        var shares = graph.Node(StandardDomain, "Softmax", [graph.Node("Add", scores, _mask)], [Attribute("axis", -1L)]);
        var context = graph.Node("Reshape", graph.Node("MatMul", shares, values), _rowsOfHeads);
        return graph.Node("Reshape", graph.Node("Gather", context, _packedHeads), _rowsOfTokens);
    }
}
