using ActorEmbed.Inference.Graphs.Onnx;

namespace ActorEmbed.Inference.Graphs.Pieces;

/// <summary>Two ways through a part of the graph, one of them for a run of a long text alone (<see cref="LongTexts"/>).</summary>
internal sealed class TextLength
{
    private readonly OnnxGraph _graph;
    private readonly string? _isLong;

    /// <param name="graph">The graph to add to.</param>
    /// <param name="paddedTokens">The input <see cref="PackedGraph.PaddedTokens"/>, [B, S].</param>
    /// <param name="architecture">The encoder's shape.</param>
    public TextLength(OnnxGraph graph, string paddedTokens, EncoderArchitecture architecture)
    {
        _graph = graph;
        if (!architecture.TakesLongTexts || graph.IsFixed)
            return;
        var padded = graph.Node("Gather", graph.Node("Shape", paddedTokens), graph.Int64(1));
        _isLong = graph.Node("Greater", padded, graph.Int64(architecture.LongTexts.LongerThan));
    }

    /// <param name="whole">Writes the way of all texts that are not long.</param>
    /// <param name="blockwise">Writes that of a long text.</param>
    /// <returns>What the one that is taken gives.</returns>
    public string Either(Func<OnnxGraph, string> whole, Func<OnnxGraph, string> blockwise) =>
        _isLong is null ? whole(_graph) : _graph.If(_isLong, blockwise, whole);
}
