using ActorEmbed.Inference.Graphs.Onnx;
using static ActorEmbed.Inference.Graphs.Onnx.OnnxGraph;

namespace ActorEmbed.Inference.Graphs.Pieces;

/// <summary>The products of queries with keys, the same to the bit however many keys there are.</summary>
internal static class AttentionScores
{
    // ONNX Runtime's kernels sum over so many components at a time, and over more where they have few columns, which are the keys
    // here: a longer sum would depend on how far a text is padded. Heads of 256 (EmbeddingGemma) differed from 65 tokens on.
    private const int MostComponents = 128;

    /// <param name="graph">The graph to add to.</param>
    /// <param name="queries">[..., queries, head size].</param>
    /// <param name="keys">[..., keys, head size].</param>
    /// <param name="headSize">Components of a head.</param>
    /// <returns>[..., queries, keys].</returns>
    public static string Write(OnnxGraph graph, string queries, string keys, int headSize) => Sum(
        graph, queries, keys, headSize, keysAxis: -1,
        (those, others) => graph.Node(MicrosoftDomain, "FusedMatMul", [those, others], [Attribute("transB", 1L)]));

    /// <param name="graph">The graph to add to.</param>
    /// <param name="queries">[..., queries, head size].</param>
    /// <param name="keys">[..., head size, keys].</param>
    /// <param name="headSize">Components of a head.</param>
    /// <returns>[..., queries, keys].</returns>
    public static string WriteTransposed(OnnxGraph graph, string queries, string keys, int headSize) => Sum(
        graph, queries, keys, headSize, keysAxis: -2,
        (those, others) => graph.Node("MatMul", those, others));

    private static string Sum(OnnxGraph graph, string queries, string keys, int headSize, int keysAxis, Func<string, string, string> multiply)
    {
        if (headSize <= MostComponents)
            return multiply(queries, keys);
        var sum = "";
        for (var first = 0; first < headSize; first += MostComponents)
        {
            var end = Math.Min(first + MostComponents, headSize);
            var product = multiply(Part(queries, -1), Part(keys, keysAxis));
            sum = first == 0 ? product : graph.Node("Add", sum, product);
            string Part(string values, int axis) => graph.Node("Slice", values, graph.Int64s(first), graph.Int64s(end), graph.Int64s(axis));
        }

        return sum;
    }
}
