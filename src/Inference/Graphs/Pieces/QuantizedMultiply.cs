using System.Runtime.Intrinsics.X86;
using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Operators;

namespace ActorEmbed.Inference.Graphs.Pieces;

/// <summary>Writes products of bytes.</summary>
internal static class QuantizedMultiply
{
    /// <summary>What multiplies where <see cref="MultiplyBytes"/> does not.</summary>
    public const string LibraryOperator = "MatMulIntegerToFloat";

    /// <summary>Tokens with a scale each.</summary>
    /// <param name="graph">The graph to add to.</param>
    /// <param name="tokens">[T, rows].</param>
    /// <param name="weights">[rows, columns].</param>
    /// <param name="bias">[columns]; empty for none.</param>
    public static string PerToken(OnnxGraph graph, QuantizedTokens tokens, QuantizedWeights weights, ReadOnlySpan<float> bias = default)
    {
        graph.CountProduct(isCalibrated: true);
        // With dot products of bytes the library's kernel is near the machine's limit; without, decision 033.
        var product = weights.SumLimit <= WeightSums.In16Bits && Avx2.IsSupported
            ? MultiplyByPanels(graph, tokens, weights)
            : MultiplyByLibrary(graph, tokens, weights);
        var scaled = graph.Node("Mul", product, tokens.Scales);
        return bias.IsEmpty ? scaled : graph.Node("Add", scaled, graph.Floats(bias, bias.Length));
    }

    /// <returns>[T, columns], not yet multiplied by the scales of the tokens.</returns>
    public static string MultiplyByPanels(OnnxGraph graph, QuantizedTokens tokens, QuantizedWeights weights)
    {
        var columns = weights.Scales.Length;
        var sumsOfZero = new int[columns];
        for (var i = 0; i < weights.Values.Length; i++)
            sumsOfZero[i % columns] -= tokens.ZeroPoint * weights.Values[i];
        var packed = WeightPanels.Pack(weights.Values, columns);
        var panels = WeightPanels.CountOf(columns);
        var padded = panels * ByteTile.Columns;
        return graph.Node(
            OperatorDomain.Name,
            MultiplyBytes.Name,
            [
                tokens.Bytes,
                graph.Int8s(packed, panels, packed.Length / panels),
                graph.Floats(WeightPanels.Pad<float>(weights.Scales), padded),
                graph.Int32s(WeightPanels.Pad<int>(sumsOfZero), padded),
            ],
            [OnnxGraph.Attribute(MultiplyBytes.ColumnsAttribute, (long)columns)]);
    }

    // The weights' zero point is left out and the tokens' is a constant: anything else leaves the fast kernel.
    private static string MultiplyByLibrary(OnnxGraph graph, QuantizedTokens tokens, QuantizedWeights weights) => graph.Node(
        OnnxGraph.MicrosoftDomain,
        LibraryOperator,
        [
            tokens.Bytes,
            graph.Int8s(weights.Values, weights.Values.Length / weights.Scales.Length, weights.Scales.Length),
            graph.Floats([1f]),
            graph.Floats(weights.Scales, weights.Scales.Length),
            graph.UInt8(tokens.ZeroPoint),
        ],
        []);
}
