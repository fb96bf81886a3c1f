using System.Globalization;
using ActorEmbed.Inference.Graphs.Onnx;
using static ActorEmbed.Inference.Graphs.Onnx.OnnxGraph;
using DataType = ActorEmbed.Inference.Graphs.Onnx.TensorProto.Types.DataType;

namespace ActorEmbed.Inference.Graphs.Pieces;

/// <summary>The end of a graph: token vectors to the vectors of the texts.</summary>
internal static class PoolingHead
{
    /// <summary>Each text is pooled on its own padded rows: a product over the whole pack is not batch-invariant.</summary>
    /// <param name="graph">The graph to add to.</param>
    /// <param name="tokens">[T, hidden].</param>
    /// <param name="paddedTokens">The input <see cref="PackedGraph.PaddedTokens"/>.</param>
    /// <param name="pooling">How to pool; several ways stand side by side.</param>
    /// <param name="hidden">Length of a token's vector.</param>
    public static void Write(OnnxGraph graph, string tokens, string paddedTokens, IReadOnlyList<PoolingMode> pooling, int hidden)
    {
        // In single precision on every device: a sum over a long text, and the vector itself.
        tokens = graph.ToSingle(tokens);
        string[] pooled = [.. pooling.Select(mode => Pool(graph, tokens, paddedTokens, mode, hidden))];
        var vectors = pooled is [var only] ? only : graph.Node(StandardDomain, "Concat", pooled, [Attribute("axis", 1L)]);
        graph.Output(vectors, PackedGraph.Vectors, "B", (pooling.Count * hidden).ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>What <see cref="Write"/> was given as the vectors of the tokens; null in a graph with another end.</summary>
    public static string? TokensOf(GraphProto graph)
    {
        var name = PackedGraph.Vectors;
        while (graph.Node.FirstOrDefault(node => node.Output.Contains(name)) is { } node)
        {
            // All ways to pool take rows of the tokens.
            if (node.OpType == "Gather")
                return node.Input[0];
            name = node.OpType == "MatMul" ? node.Input[1] : node.Input[0];
        }

        return null;
    }

    private static string Pool(OnnxGraph graph, string tokens, string paddedTokens, PoolingMode pooling, int hidden)
    {
        switch (pooling)
        {
            case PoolingMode.Cls:
                var first = graph.Node(StandardDomain, "Gather", [paddedTokens, graph.Int32s([0])], [Attribute("axis", 1L)]);
                return graph.Node("Gather", tokens, first);
            case PoolingMode.Max:
                // Padding repeats the text's first token that counts, which changes no maximum.
                return graph.Node(
                    StandardDomain, "ReduceMax", [graph.Node("Gather", tokens, paddedTokens)], [Axes(1), Attribute("keepdims", 0L)]);
            default:
                var tokenWeights = graph.Input(TokenWeights(pooling), DataType.Float, "B", "1", "S");
                var sums = graph.Node("MatMul", tokenWeights, graph.Node("Gather", tokens, paddedTokens));
                return graph.Node("Reshape", sums, graph.Int64s(-1, hidden));
        }
    }

    private static string TokenWeights(PoolingMode pooling) => pooling switch
    {
        PoolingMode.LastToken => PackedGraph.LastTokenWeights,
        PoolingMode.WeightedMean => PackedGraph.RisingWeights,
        PoolingMode.MeanSqrtLen => PackedGraph.MeanSqrtLenWeights,
        _ => PackedGraph.MeanWeights,
    };
}
