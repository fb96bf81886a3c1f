using ActorEmbed.Inference.Graphs.Onnx;

namespace ActorEmbed.Inference.Operators.Fusion;

/// <summary>What is left to do to a product before attention, <see cref="AttendTokens"/> does when it reads it.</summary>
internal static class AttentionFusion
{
    /// <param name="values">Of the graph.</param>
    /// <param name="attend">An <see cref="AttendTokens"/>.</param>
    public static void TryFuse(GraphValues values, NodeProto attend)
    {
        if (ScaledProduct.TryFind(values, attend.Input[0]) is not { } product)
            return;
        var node = attend.Clone();
        node.Input[0] = product.Product;
        node.Input[AttendTokens.ScalesInput] = product.Scales;
        node.Input[AttendTokens.BiasInput] = product.Bias;
        values.Replace(attend, [.. product.Nodes, attend], node);
    }
}
