using ActorEmbed.Inference.Graphs.Onnx;
using static ActorEmbed.Inference.Graphs.Onnx.OnnxGraph;
using DataType = ActorEmbed.Inference.Graphs.Onnx.TensorProto.Types.DataType;

namespace ActorEmbed.Inference.Graphs.Pieces;

/// <summary>Writes the operators that turn tokens into unsigned bytes.</summary>
internal sealed class TokenQuantizer
{
    // Of values of both signs: 127 steps each way.
    private const byte SymmetricZero = 128;

    private const float SymmetricSteps = 127f;

    // GELU gives nothing below -0.17: 32 steps down leave 223 up, and no minimum has to be looked for.
    private const byte GeluZero = 32;
    private const float GeluSteps = byte.MaxValue - GeluZero;
    private const float GeluLeast = 0.17f;

    // Against a division by zero for a token of zeros.
    private const float LeastMagnitude = 1e-6f;

    private readonly Dictionary<byte, string> _zeroPoints = [];

    /// <summary>Each token with the scale that its own largest magnitude asks for.</summary>
    public QuantizedTokens Symmetric(OnnxGraph graph, string tokens)
    {
        var magnitudes = graph.Node(
            "Max", Greatest(graph, "ReduceMax", tokens), graph.Node("Neg", Greatest(graph, "ReduceMin", tokens)), graph.Floats([LeastMagnitude]));
        return Quantize(graph, tokens, magnitudes, SymmetricSteps, SymmetricZero);
    }

    /// <summary>The same for what GELU gave.</summary>
    public QuantizedTokens AfterGelu(OnnxGraph graph, string activated)
    {
        var least = graph.Floats([GeluLeast / GeluZero * GeluSteps]);
        return Quantize(graph, activated, graph.Node("Max", Greatest(graph, "ReduceMax", activated), least), GeluSteps, GeluZero);
    }

    private QuantizedTokens Quantize(OnnxGraph graph, string tokens, string magnitudes, float steps, byte zeroPoint)
    {
        var scales = graph.Node("Mul", magnitudes, graph.Floats([1f / steps]));
        var bytes = graph.Node(
            StandardDomain,
            "QuantizeLinear",
            [tokens, graph.Node("Reshape", scales, graph.Int64s(-1)), ZeroPoints(graph, zeroPoint)],
            [Attribute("axis", 0L)]);
        return new QuantizedTokens(bytes, scales, zeroPoint);
    }

    private static string Greatest(OnnxGraph graph, string reduction, string tokens) =>
        graph.Node(StandardDomain, reduction, [tokens], [Axes(1), Attribute("keepdims", 1L)]);

    /// <summary>A vector of one value for each token, written once for the graph.</summary>
    private string ZeroPoints(OnnxGraph graph, byte zeroPoint)
    {
        if (_zeroPoints.TryGetValue(zeroPoint, out var known))
            return known;
        var value = new TensorProto { DataType = (int)DataType.Uint8, Dims = { 1 }, RawData = Google.Protobuf.ByteString.CopyFrom(zeroPoint) };
        var zeroPoints = graph.Node(
            StandardDomain, "ConstantOfShape", [graph.Node("Shape", PackedGraph.TokenPositions)], [Attribute("value", value)]);
        return _zeroPoints[zeroPoint] = zeroPoints;
    }
}
