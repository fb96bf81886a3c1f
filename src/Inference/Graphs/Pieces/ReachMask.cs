using ActorEmbed.Inference.Graphs.Onnx;
using DataType = ActorEmbed.Inference.Graphs.Onnx.TensorProto.Types.DataType;

namespace ActorEmbed.Inference.Graphs.Pieces;

/// <summary>What is added to attention scores so that padding, and what is out of reach, gets no weight.</summary>
internal sealed class ReachMask
{
    private readonly string _paddedTokens;
    private readonly TextLength _length;
    private readonly Func<AttentionReach, int> _blockOf;
    private readonly string _padding;
    private readonly Dictionary<AttentionReach, string> _written = [];

    /// <param name="graph">The graph to add to.</param>
    /// <param name="paddedTokens">The input <see cref="PackedGraph.PaddedTokens"/>, [B, S].</param>
    /// <param name="length">Whether the text is long.</param>
    /// <param name="blockOf">Queries of a block of a long text.</param>
    public ReachMask(OnnxGraph graph, string paddedTokens, TextLength length, Func<AttentionReach, int> blockOf)
    {
        _paddedTokens = paddedTokens;
        _length = length;
        _blockOf = blockOf;
        _padding = graph.FromSingle(graph.Input(PackedGraph.AttentionMask, DataType.Float, "B", "1", "1", "S"));
    }

    /// <summary>
    /// [B, 1, 1 or S, S], or for a long text, which has no padding, [block, places] (<see cref="KeyRanges"/>); written once for
    /// all layers of the same reach. Means nothing for a long text of which a token sees everything.
    /// </summary>
    public string Of(AttentionReach reach)
    {
        if (reach == AttentionReach.Everything)
            return _padding;
        if (!_written.TryGetValue(reach, out var mask))
        {
            _written[reach] = mask = _length.Either(
                whole => whole.Node("Add", _padding, Write(whole, reach, Distances(whole))),
                blockwise => Write(blockwise, reach, KeyRanges.Distances(blockwise, _blockOf(reach), reach)));
        }

        return mask;
    }

    private static string Write(OnnxGraph graph, AttentionReach reach, string distances)
    {
        string? within = null;
        if (reach.Back is { } back)
            within = graph.Node("LessOrEqual", distances, graph.Int64s(back));
        if (reach.Ahead is { } ahead)
        {
            var notTooFar = graph.Node("GreaterOrEqual", distances, graph.Int64s(-ahead));
            within = within is null ? notTooFar : graph.Node("And", within, notTooFar);
        }

        // In half precision the processor could not fold it, as it does where the shapes are known.
        return graph.IsFixed
            ? graph.FromSingle(graph.Node("Where", within!, graph.Singles([0f]), graph.Singles([PackedGraph.MaskedScore])))
            : graph.Node("Where", within!, graph.Floats([0f]), graph.Floats([PackedGraph.MaskedScore]));
    }

    /// <summary>[S, S]: the place of the query less that of the key.</summary>
    private string Distances(OnnxGraph graph)
    {
        var length = graph.Node("Gather", graph.Node("Shape", _paddedTokens), graph.Int64(1));
        var places = graph.Node("Range", graph.Int64(0), length, graph.Int64(1));
        return graph.Node("Sub", graph.Node("Reshape", places, graph.Int64s(-1, 1)), places);
    }
}
