using ActorEmbed.Inference.Graphs.Onnx;

namespace ActorEmbed.Inference.Graphs.Pieces;

/// <summary>Writes products of bytes.</summary>
internal static class QuantizedMultiply
{
    /// <summary>Tokens with a scale each; without a bias.</summary>
    public static string PerToken(OnnxGraph graph, QuantizedTokens tokens, QuantizedWeights weights)
    {
        var product = Write(graph, tokens.Bytes, graph.Floats([1f]), tokens.ZeroPoint, weights, bias: "");
        return graph.Node("Mul", product, tokens.Scales);
    }

    /// <summary>
    /// Tokens with one scale. The weights' zero point is left out and the tokens' is a constant: anything else leaves the
    /// fast kernel.
    /// </summary>
    public static string Write(
        OnnxGraph graph, string bytes, string scale, byte zeroPoint, QuantizedWeights weights, string bias) => graph.Node(
        OnnxGraph.MicrosoftDomain,
        "MatMulIntegerToFloat",
        [
            bytes,
            graph.Int8s(weights.Values, weights.Values.Length / weights.Scales.Length, weights.Scales.Length),
            scale,
            graph.Floats(weights.Scales, weights.Scales.Length),
            graph.UInt8(zeroPoint),
            "",
            bias,
        ],
        []);
}
