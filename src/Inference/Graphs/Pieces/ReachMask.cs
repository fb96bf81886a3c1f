using ActorEmbed.Inference.Graphs.Onnx;
using DataType = ActorEmbed.Inference.Graphs.Onnx.TensorProto.Types.DataType;

namespace ActorEmbed.Inference.Graphs.Pieces;

/// <summary>What is added to attention scores so that padding, and what is out of reach, gets no weight.</summary>
internal sealed class ReachMask
{
    private readonly OnnxGraph _graph;
    private readonly string _padding;
    private readonly string _paddedTokens;
    private readonly Dictionary<AttentionReach, string> _written = [];
    private string? _distances;

    /// <param name="graph">The graph to add to.</param>
    /// <param name="paddedTokens">The input <see cref="PackedGraph.PaddedTokens"/>, [B, S].</param>
    public ReachMask(OnnxGraph graph, string paddedTokens)
    {
        _graph = graph;
        _paddedTokens = paddedTokens;
        _padding = graph.Input(PackedGraph.AttentionMask, DataType.Float, "B", "1", "1", "S");
    }

    /// <summary>[B, 1, 1 or S, S]; written once for all layers of the same reach.</summary>
    public string Of(AttentionReach reach)
    {
        if (reach == AttentionReach.Everything)
            return _padding;
        if (!_written.TryGetValue(reach, out var mask))
            _written[reach] = mask = _graph.Node("Add", _padding, Write(reach));
        return mask;
    }

    private string Write(AttentionReach reach)
    {
        _distances ??= Distances();
        string? within = null;
        if (reach.Back is { } back)
            within = _graph.Node("LessOrEqual", _distances, _graph.Int64s(back));
        if (reach.Ahead is { } ahead)
        {
            var notTooFar = _graph.Node("GreaterOrEqual", _distances, _graph.Int64s(-ahead));
            within = within is null ? notTooFar : _graph.Node("And", within, notTooFar);
        }

        return _graph.Node("Where", within!, _graph.Floats([0f]), _graph.Floats([PackedGraph.MaskedScore]));
    }

    /// <summary>[S, S]: the place of the query less that of the key.</summary>
    private string Distances()
    {
        var length = _graph.Node("Gather", _graph.Node("Shape", _paddedTokens), _graph.Int64(1));
        var places = _graph.Node("Range", _graph.Int64(0), length, _graph.Int64(1));
        return _graph.Node("Sub", _graph.Node("Reshape", places, _graph.Int64s(-1, 1)), places);
    }
}
