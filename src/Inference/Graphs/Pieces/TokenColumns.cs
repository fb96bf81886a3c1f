using ActorEmbed.Inference.Graphs.Onnx;

namespace ActorEmbed.Inference.Graphs.Pieces;

/// <summary>Takes a product of several projections apart again.</summary>
internal static class TokenColumns
{
    /// <param name="graph">The graph to add to.</param>
    /// <param name="tokens">[T, width].</param>
    /// <param name="first">First column.</param>
    /// <param name="end">The one behind the last.</param>
    /// <returns>[T, end - first].</returns>
    public static string Slice(OnnxGraph graph, string tokens, int first, int end) =>
        graph.Node("Slice", tokens, graph.Int64s(first), graph.Int64s(end), graph.Int64s(1));
}
