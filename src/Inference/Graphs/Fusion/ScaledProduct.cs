using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Graphs.Pieces;
using ActorEmbed.Inference.Operators;

namespace ActorEmbed.Inference.Graphs.Fusion;

/// <summary>A product of bytes with what makes floats of it: the scale of each token, and a bias.</summary>
/// <param name="Product">float [T, columns].</param>
/// <param name="Scales">float [T, 1].</param>
/// <param name="Bias">float [columns], or an empty name.</param>
/// <param name="Nodes">What scales it and adds the bias.</param>
internal sealed record ScaledProduct(string Product, string Scales, string Bias, NodeProto[] Nodes)
{
    /// <param name="values">Of the graph.</param>
    /// <param name="value">What may be such a product.</param>
    /// <param name="uses">How often it is used by who looks for it; others must not use it.</param>
    public static ScaledProduct? TryFind(GraphValues values, string value, int uses = 1)
    {
        if (values.Uses(value) != uses)
            return null;
        if (values.Maker(value, "Add") is { } add && values.IsVector(add.Input[1]) && values.OnlyFor(add.Input[0], "Mul") is { } scaled)
            return Of(values, scaled, add.Input[1], [scaled, add]);
        return values.Maker(value, "Mul") is { } mul ? Of(values, mul, bias: "", [mul]) : null;
    }

    private static ScaledProduct? Of(GraphValues values, NodeProto mul, string bias, NodeProto[] nodes) =>
        values.OnlyFor(mul.Input[0], QuantizedMultiply.LibraryOperator, MultiplyBytes.Name) is not null ? new ScaledProduct(mul.Input[0], mul.Input[1], bias, nodes) : null;
}
