using System.Globalization;
using ActorEmbed.Inference.Graphs.Onnx;
using static ActorEmbed.Inference.Graphs.Onnx.OnnxGraph;
using DataType = ActorEmbed.Inference.Graphs.Onnx.TensorProto.Types.DataType;

namespace ActorEmbed.Inference.Graphs.Pieces;

/// <summary>
/// The part of a layer that mixes the tokens of one long text: for one head of keys after the other, a block of queries
/// with the keys that it reaches. All scores of a query stand side by side, so that its softmax is that of the whole text.
/// </summary>
internal sealed class BlockwiseAttention
{
    private readonly LongTexts _longTexts;
    private readonly int _heads;
    private readonly int _keyValueHeads;
    private readonly int _sharing;
    private readonly int _headSize;

    /// <param name="longTexts">How large a block is.</param>
    /// <param name="heads">Heads of the queries.</param>
    /// <param name="keyValueHeads">Heads of keys and values; divides <paramref name="heads"/>.</param>
    /// <param name="headSize">Components of a head.</param>
    public BlockwiseAttention(LongTexts longTexts, int heads, int keyValueHeads, int headSize)
    {
        _longTexts = longTexts;
        _heads = heads;
        _keyValueHeads = keyValueHeads;
        _sharing = heads / keyValueHeads;
        _headSize = headSize;
    }

    /// <summary>Queries of a block.</summary>
    public int BlockOf(AttentionReach reach) => _longTexts.BlockOf(reach, _headSize, _sharing);

    /// <param name="graph">The graph to add to.</param>
    /// <param name="queries">T * heads * head size components; the factor of the scores is in them.</param>
    /// <param name="keys">T * key-value heads * head size components.</param>
    /// <param name="values">As many.</param>
    /// <param name="reach">Which tokens a token attends to.</param>
    /// <param name="summands">
    /// Added to the scores, by the distances of <see cref="KeyRanges"/>: [block, places], or [heads, block, places] where each
    /// head has its own; null for nothing.
    /// </param>
    /// <param name="areOfHeads">Whether each head has its own.</param>
    /// <returns>The context, [T, heads * head size].</returns>
    public string Write(
        OnnxGraph graph, string queries, string keys, string values, AttentionReach reach, string? summands, bool areOfHeads = false)
    {
        var block = BlockOf(reach);
        List<(string, DataType)> heads =
        [
            (Blocks(graph, queries, block), graph.Numbers),
            (ByHead(graph, keys, 1, 2, 0), graph.Numbers),
            (ByHead(graph, values, 1, 0, 2), graph.Numbers),
        ];
        if (areOfHeads)
            heads.Add((graph.Node("Reshape", summands!, graph.Int64s(_keyValueHeads, _sharing, block, -1)), graph.Numbers));
        List<(string, DataType)> ranges = [];
        if (summands is not null)
        {
            var (first, end, place) = KeyRanges.Write(graph, block, reach);
            ranges = [(first, DataType.Int64), (end, DataType.Int64), (place, DataType.Int64)];
        }

        string[] shape = [Text(_sharing), Text(block), Text(_headSize)];
        var contexts = graph.Scan([.. heads], ["blocks", .. shape], (head, of) => head.Scan(
            [(of[0], graph.Numbers), .. ranges],
            shape,
            (body, own) => summands is null
                ? Attend(body, own[0], of[1], of[2], null)
                : AttendInReach(body, own[0], of[1], of[2], areOfHeads ? of[3] : summands, own)));
        return Rows(graph, contexts);
    }

    private string AttendInReach(OnnxGraph graph, string queries, string keys, string values, string summands, string[] own)
    {
        var (first, end, place) = (own[1], own[2], own[3]);
        var placeEnd = graph.Node("Add", place, graph.Node("Sub", end, first));
        return Attend(
            graph,
            queries,
            KeyRanges.Slice(graph, keys, first, end, axis: 1),
            KeyRanges.Slice(graph, values, first, end, axis: 0),
            KeyRanges.Slice(graph, summands, place, placeEnd, axis: -1));
    }

    /// <param name="graph">The graph to add to.</param>
    /// <param name="queries">[sharing, block, head size].</param>
    /// <param name="keys">[head size, keys].</param>
    /// <param name="values">[keys, head size].</param>
    /// <param name="summands">[block, keys] or [sharing, block, keys], or null.</param>
    /// <returns>[sharing, block, head size].</returns>
    private string Attend(OnnxGraph graph, string queries, string keys, string values, string? summands)
    {
        var scores = AttentionScores.WriteTransposed(graph, queries, keys, _headSize);
        if (summands is not null)
            scores = graph.Node("Add", scores, summands);
        return graph.Node("MatMul", graph.Node(StandardDomain, "Softmax", [scores], [Attribute("axis", -1L)]), values);
    }

    /// <summary>[key-value heads, blocks, sharing, block, head size]; the last block is filled up with zeros.</summary>
    private string Blocks(OnnxGraph graph, string queries, int block)
    {
        var rows = graph.Node("Reshape", queries, graph.Int64s(-1, _heads * _headSize));
        // A remainder has the sign of its divisor: this is what lacks to a multiple.
        var lacking = graph.Node("Mod", graph.Node("Neg", KeyRanges.Tokens(graph)), graph.Int64s(block));
        var pads = graph.Node(StandardDomain, "Concat", [graph.Int64s(0, 0), lacking, graph.Int64s(0)], [Attribute("axis", 0L)]);
        var split = graph.Node("Reshape", graph.Node("Pad", rows, pads), graph.Int64s(-1, block, _keyValueHeads, _sharing, _headSize));
        return graph.Node(StandardDomain, "Transpose", [split], [Attribute("perm", 2, 0, 3, 1, 4)]);
    }

    /// <summary>[T, key-value heads, head size] in another order.</summary>
    private string ByHead(OnnxGraph graph, string rows, params long[] order) => graph.Node(
        StandardDomain, "Transpose", [graph.Node("Reshape", rows, graph.Int64s(-1, _keyValueHeads, _headSize))], [Attribute("perm", order)]);

    /// <summary>[key-value heads, blocks, sharing, block, head size] to [T, heads * head size].</summary>
    private string Rows(OnnxGraph graph, string contexts)
    {
        var ordered = graph.Node(StandardDomain, "Transpose", [contexts], [Attribute("perm", 1, 3, 0, 2, 4)]);
        var rows = graph.Node("Reshape", ordered, graph.Int64s(-1, _heads * _headSize));
        return graph.Node("Slice", rows, graph.Int64s(0), KeyRanges.Tokens(graph), graph.Int64s(0));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
