using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Operators;
using ActorEmbed.Inference.Operators.Rows;
using static ActorEmbed.Inference.Graphs.Onnx.OnnxGraph;

namespace ActorEmbed.Inference.Graphs.Pieces;

/// <summary>Writes the operator that turns tokens into unsigned bytes, each by a scale of its own.</summary>
internal static class TokenQuantizer
{
    /// <param name="graph">The graph to add to.</param>
    /// <param name="tokens">[T, width].</param>
    /// <param name="factors">[width], what they are multiplied by first; null for nothing.</param>
    /// <param name="quantizer">Which bytes.</param>
    public static QuantizedTokens Write(OnnxGraph graph, string tokens, string? factors, RowQuantizer quantizer)
    {
        var outputs = graph.Nodes(
            OperatorDomain.Name, QuantizeTokens.Name, factors is null ? [tokens] : [tokens, factors], AttributesOf(quantizer), outputs: 2);
        return new QuantizedTokens(outputs[0], outputs[1], quantizer.ZeroPoint);
    }

    /// <summary>What a node says of the bytes that it gives.</summary>
    public static AttributeProto[] AttributesOf(RowQuantizer quantizer) =>
    [
        Attribute(RowQuantizer.ZeroPointAttribute, (long)quantizer.ZeroPoint), Attribute(RowQuantizer.StepsAttribute, quantizer.Steps),
        Attribute(RowQuantizer.LeastMagnitudeAttribute, quantizer.LeastMagnitude),
    ];
}
