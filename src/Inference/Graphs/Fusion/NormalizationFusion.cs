using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Operators;
using static ActorEmbed.Inference.Graphs.Onnx.OnnxGraph;

namespace ActorEmbed.Inference.Graphs.Fusion;

/// <summary>Product, residual, normalisation, bytes: one <see cref="NormalizeTokens"/>.</summary>
internal static class NormalizationFusion
{
    private const string Centred = "LayerNormalization";
    private const string NotCentred = "SimplifiedLayerNormalization";

    /// <param name="values">Of the graph.</param>
    /// <param name="quantize">A <see cref="QuantizeTokens"/>.</param>
    /// <returns>Whether it stands behind such a normalisation and is replaced.</returns>
    public static bool TryFuse(GraphValues values, NodeProto quantize)
    {
        if (values.Maker(quantize.Input[0], Centred, NotCentred) is not { } norm || values.Maker(norm.Input[0], "Add") is not { } add)
            return false;
        var (keepsSums, keepsNormalized) = (values.Uses(norm.Input[0]) > 1, values.Uses(quantize.Input[0]) > 1);
        // One of them goes on as the next residual.
        if (keepsSums == keepsNormalized)
            return false;
        var (product, residual) = (ScaledProduct.TryFind(values, add.Input[0]), add.Input[1]);
        if (product is null)
            (product, residual) = (ScaledProduct.TryFind(values, add.Input[1]), add.Input[0]);
        if (product is null)
            return false;
        var node = new NodeProto
        {
            Domain = OperatorDomain.Name,
            OpType = NormalizeTokens.Name,
            Name = quantize.Name,
            Input =
            {
                product.Product, product.Scales, residual, norm.Input[1], norm.Input.Count > 2 ? norm.Input[2] : "", product.Bias,
                quantize.Input.Count > 1 ? quantize.Input[1] : "",
            },
            Output = { keepsSums ? norm.Input[0] : norm.Output[0], quantize.Output },
            Attribute =
            {
                quantize.Attribute,
                norm.Attribute.Where(attribute => attribute.Name == NormalizeTokens.EpsilonAttribute),
                Attribute(NormalizeTokens.KeepsSumsAttribute, keepsSums ? 1L : 0L),
                Attribute(NormalizeTokens.IsCentredAttribute, norm.OpType == Centred ? 1L : 0L),
            },
        };
        values.Replace(norm, [.. product.Nodes, add, norm, quantize], node);
        return true;
    }
}
