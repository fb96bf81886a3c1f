using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Operators;
using static ActorEmbed.Inference.Graphs.Onnx.OnnxGraph;

namespace ActorEmbed.Inference.Graphs.Fusion;

/// <summary>Product, activation with or without a gate, bytes: one <see cref="ActivateTokens"/>.</summary>
internal static class ActivationFusion
{
    private static readonly Dictionary<string, Activation> Activations = new(StringComparer.Ordinal)
    {
        ["Gelu"] = Activation.Gelu,
        ["FastGelu"] = Activation.GeluTanh,
        ["QuickGelu"] = Activation.Silu,
    };

    /// <param name="values">Of the graph.</param>
    /// <param name="quantize">A <see cref="QuantizeTokens"/>.</param>
    /// <returns>Whether it stands behind an activation and is replaced.</returns>
    public static bool TryFuse(GraphValues values, NodeProto quantize)
    {
        if (values.OnlyFor(quantize.Input[0], "Gelu") is { } activation)
        {
            if (ScaledProduct.TryFind(values, activation.Input[0]) is not { } product)
                return false;
            Replace(values, quantize, product, [activation], Activation.Gelu, gate: 0, passing: -1);
            return true;
        }

        return values.OnlyFor(quantize.Input[0], "Mul") is { } gated && TryFuseGated(values, quantize, gated);
    }

    private static bool TryFuseGated(GraphValues values, NodeProto quantize, NodeProto gated)
    {
        if (values.OnlyFor(gated.Input[0], [.. Activations.Keys]) is not { } activation
            || values.OnlyFor(activation.Input[0], "Slice") is not { } gate
            || values.OnlyFor(gated.Input[1], "Slice") is not { } passing
            || gate.Input[0] != passing.Input[0]
            || ScaledProduct.TryFind(values, gate.Input[0], uses: 2) is not { } product)
            return false;
        var isGateFirst = values.Integer(gate.Input[1]) == 0;
        Replace(
            values, quantize, product, [activation, gate, passing, gated], Activations[activation.OpType],
            gate: isGateFirst ? 0 : 1, passing: isGateFirst ? 1 : 0);
        return true;
    }

    private static void Replace(
        GraphValues values, NodeProto quantize, ScaledProduct product, NodeProto[] between, Activation activation, long gate, long passing)
    {
        var factors = quantize.Input.Count > 1 ? quantize.Input[1] : "";
        var node = new NodeProto
        {
            Domain = OperatorDomain.Name,
            OpType = ActivateTokens.Name,
            Name = quantize.Name,
            Input = { product.Product, product.Scales, product.Bias, factors },
            Output = { quantize.Output },
            Attribute =
            {
                quantize.Attribute,
                Attribute(ActivateTokens.ActivationAttribute, (long)activation),
                Attribute(ActivateTokens.GateAttribute, gate),
                Attribute(ActivateTokens.PassingAttribute, passing),
            },
        };
        values.Replace(quantize, [.. product.Nodes, .. between, quantize], node);
    }
}
