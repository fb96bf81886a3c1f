using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Operators;

namespace ActorEmbed.Inference.Graphs.Fusion;

/// <summary>
/// What is left to do to a product before attention, <see cref="AttendTokens"/> does when it reads it: the scales and the bias,
/// and where queries and keys are turned by their positions, that too.
/// </summary>
internal static class AttentionFusion
{
    /// <param name="values">Of the graph.</param>
    /// <param name="attend">An <see cref="AttendTokens"/>.</param>
    public static void TryFuse(GraphValues values, NodeProto attend)
    {
        if (attend.Input[AttendTokens.KeysInput].Length > 0)
            TryFuseTurned(values, attend);
        else if (ScaledProduct.TryFind(values, attend.Input[0]) is { } product)
            Replace(values, attend, product, []);
    }

    private static void TryFuseTurned(GraphValues values, NodeProto attend)
    {
        if (Turned(values, attend.Input[0]) is not { } queries
            || Turned(values, attend.Input[AttendTokens.KeysInput]) is not { } keys
            || values.OnlyFor(attend.Input[AttendTokens.ValuesInput], "Slice") is not { } slice
            || queries.Slice.Input[0] != slice.Input[0] || keys.Slice.Input[0] != slice.Input[0]
            || !queries.Rotary.Input.Skip(1).SequenceEqual(keys.Rotary.Input.Skip(1))
            || ScaledProduct.TryFind(values, slice.Input[0], uses: 3) is not { } product)
            return;
        Replace(values, attend, product, [.. queries.Nodes, .. keys.Nodes, slice], queries.Rotary.Input.Skip(1));
    }

    /// <summary>Columns of a product, one token for itself, turned, one head for itself.</summary>
    private static (NodeProto Slice, NodeProto Rotary, NodeProto[] Nodes)? Turned(GraphValues values, string heads)
    {
        if (values.OnlyFor(heads, "Reshape") is { } apart && values.OnlyFor(apart.Input[0], "RotaryEmbedding") is { } rotary
            && values.OnlyFor(rotary.Input[0], "Reshape") is { } single && values.OnlyFor(single.Input[0], "Slice") is { } slice)
            return (slice, rotary, [slice, single, rotary, apart]);
        return null;
    }

    /// <param name="values">Of the graph.</param>
    /// <param name="attend">What is replaced.</param>
    /// <param name="product">Queries, keys and values side by side.</param>
    /// <param name="between">What stands between.</param>
    /// <param name="rotary">Positions, cosines and sines.</param>
    private static void Replace(GraphValues values, NodeProto attend, ScaledProduct product, NodeProto[] between, params IEnumerable<string> rotary)
    {
        var node = attend.Clone();
        node.Input.Clear();
        node.Input.Add([product.Product, "", "", attend.Input[AttendTokens.StartsInput], product.Scales, product.Bias, .. rotary]);
        values.Replace(attend, [.. product.Nodes, .. between, attend], node);
    }
}
