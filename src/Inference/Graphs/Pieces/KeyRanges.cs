using ActorEmbed.Inference.Graphs.Onnx;

namespace ActorEmbed.Inference.Graphs.Pieces;

/// <summary>
/// Which keys the blocks of a long text reach, and where what is added to their scores stands: that is a matter of the
/// distances from queries to keys only, which are the same in every block, so that it is written once, for the queries of
/// one block and all distances (<see cref="Distances"/>), and each block takes its part.
/// </summary>
/// <param name="First">int64 [blocks, 1]: the first key of each block.</param>
/// <param name="End">int64 [blocks, 1]: the one behind the last.</param>
/// <param name="Place">int64 [blocks, 1]: the place of the first key in <see cref="Distances"/>.</param>
internal sealed record KeyRanges(string First, string End, string Place)
{
    /// <param name="graph">The graph to add to.</param>
    /// <param name="block">Queries of a block.</param>
    /// <param name="reach">What a token sees.</param>
    public static KeyRanges Write(OnnxGraph graph, int block, AttentionReach reach)
    {
        var starts = graph.Node("Range", graph.Int64(0), Number(graph, Tokens(graph)), graph.Int64(block));
        starts = graph.Node("Reshape", starts, graph.Int64s(-1, 1));
        var none = graph.Node("Mul", starts, graph.Int64s(0));
        var first = reach.Back is { } back
            ? graph.Node("Max", graph.Node("Sub", starts, graph.Int64s(back)), graph.Int64s(0))
            : none;
        var end = reach.Ahead is { } ahead
            ? graph.Node("Min", graph.Node("Add", starts, graph.Int64s(block + ahead)), Tokens(graph))
            : graph.Node("Add", none, Tokens(graph));
        return new KeyRanges(first, end, graph.Node("Add", graph.Node("Sub", first, starts), Before(graph, reach)));
    }

    /// <summary>int64 [block, places]: the place of a query in its text less that of a key.</summary>
    public static string Distances(OnnxGraph graph, int block, AttentionReach reach)
    {
        var before = Before(graph, reach);
        var behind = reach.Ahead is { } ahead ? graph.Int64s(block + ahead) : graph.Node("Add", Tokens(graph), graph.Int64s(block));
        var places = graph.Node("Range", graph.Int64(0), Number(graph, graph.Node("Add", before, behind)), graph.Int64(1));
        var queries = graph.Node("Range", graph.Int64(0), graph.Int64(block), graph.Int64(1));
        return graph.Node("Sub", graph.Node("Add", graph.Node("Reshape", queries, graph.Int64s(-1, 1)), before), places);
    }

    /// <summary>int64 [1]: tokens of the run, which has one text.</summary>
    public static string Tokens(OnnxGraph graph) => graph.Node("Shape", PackedGraph.TokenPositions);

    /// <summary>The part of <paramref name="value"/> along one axis that belongs to the keys of a block.</summary>
    public static string Slice(OnnxGraph graph, string value, string first, string end, int axis) =>
        graph.Node("Slice", value, first, end, graph.Int64s(axis));

    /// <summary>int64 [1]: places before that of the block's first query; no block begins behind the text.</summary>
    private static string Before(OnnxGraph graph, AttentionReach reach) => reach.Back is { } back ? graph.Int64s(back) : Tokens(graph);

    private static string Number(OnnxGraph graph, string list) => graph.Node("Gather", list, graph.Int64(0));
}
