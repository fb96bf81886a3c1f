using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Graphs.Pieces;
using ActorEmbed.Inference.Graphs.Products;
using ActorEmbed.Inference.Graphs.RotaryPostNorm;
using ActorEmbed.Inference.Operators;

namespace ActorEmbed.Inference.Graphs.Families.GteNew;

/// <summary>Writes an encoder of the type "new".</summary>
internal sealed class GteNewEncoder(EncoderTensors tensors, GteNewArchitecture architecture)
    : RotaryPostNormEncoder(tensors, architecture, Names, RotaryPositions.Frequencies(architecture.HeadSize, architecture.RotaryBase, architecture.RotaryDivisor))
{
    private static readonly RotaryPostNormNames Names = new(
        "embeddings.LayerNorm", "encoder.layer", "attention.qkv_proj", "attention.o_proj", "attn_ln", "mlp_ln");

    /// <summary>The second half of the first product is the gate.</summary>
    protected override string FeedForward(OnnxGraph graph, TokenProducts products, string tokens, string name, int layer)
    {
        var (hidden, wide) = (architecture.Hidden, architecture.FeedForward);
        var halves = products.Multiply(
            graph, tokens, Tensors.ReadProducts(hidden, ($"{name}mlp.up_gate_proj", 2 * wide)), "feed_forward_input", layer);
        var gated = GatedFeedForward.WriteGateLast(graph, halves, wide, Activation.Gelu);
        return products.Multiply(graph, gated, Tensors.ReadProducts(wide, ($"{name}mlp.down_proj", hidden)), "gated", layer);
    }

    protected override void FindFeedForward(string name)
    {
        Tensors.FindProduct($"{name}mlp.up_gate_proj", architecture.Hidden, 2 * architecture.FeedForward);
        Tensors.FindProduct($"{name}mlp.down_proj", architecture.FeedForward, architecture.Hidden);
    }
}
