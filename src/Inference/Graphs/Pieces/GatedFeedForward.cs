using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Operators;

namespace ActorEmbed.Inference.Graphs.Pieces;

/// <summary>The middle of a gated feed-forward block: one half of a product, activated, lets the other through.</summary>
internal static class GatedFeedForward
{
    /// <param name="graph">The graph to add to.</param>
    /// <param name="halves">[T, 2 * width]: the gate first, then what passes it.</param>
    /// <param name="width">Width of a half.</param>
    /// <param name="activation">Of the gate.</param>
    /// <returns>[T, width].</returns>
    public static string Write(OnnxGraph graph, string halves, int width, Activation activation) =>
        Pass(graph, TokenColumns.Slice(graph, halves, 0, width), TokenColumns.Slice(graph, halves, width, 2 * width), activation);

    /// <summary>The same where the gate is the second half.</summary>
    public static string WriteGateLast(OnnxGraph graph, string halves, int width, Activation activation) =>
        Pass(graph, TokenColumns.Slice(graph, halves, width, 2 * width), TokenColumns.Slice(graph, halves, 0, width), activation);

    private static string Pass(OnnxGraph graph, string gate, string passing, Activation activation) =>
        graph.Node("Mul", Activations.Write(graph, gate, activation), passing);
}
