using ActorEmbed.Inference.Graphs.Onnx;

namespace ActorEmbed.Inference.Graphs.Pieces;

/// <summary>Writes products of bytes.</summary>
internal static class QuantizedMultiply
{
    /// <summary>Tokens with a scale each; without a bias.</summary>
    public static string PerToken(OnnxGraph graph, QuantizedTokens tokens, QuantizedWeights weights)
    {
        graph.CountProduct(isCalibrated: true);
        // The weights' zero point is left out and the tokens' is a constant: anything else leaves the fast kernel.
        var product = graph.Node(
            OnnxGraph.MicrosoftDomain,
            "MatMulIntegerToFloat",
            [
                tokens.Bytes,
                graph.Int8s(weights.Values, weights.Values.Length / weights.Scales.Length, weights.Scales.Length),
                graph.Floats([1f]),
                graph.Floats(weights.Scales, weights.Scales.Length),
                graph.UInt8(tokens.ZeroPoint),
            ],
            []);
        return graph.Node("Mul", product, tokens.Scales);
    }
}
