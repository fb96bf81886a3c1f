using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Graphs.Pieces;
using ActorEmbed.Inference.Graphs.Products;
using ActorEmbed.Inference.Graphs.RotaryPostNorm;
using ActorEmbed.Inference.Operators;

namespace ActorEmbed.Inference.Graphs.Families.NomicBert;

/// <summary>Writes a NomicBERT.</summary>
internal sealed class NomicBertEncoder(EncoderTensors tensors, NomicBertArchitecture architecture)
    : RotaryPostNormEncoder(tensors, architecture, Names, RotaryPositions.Frequencies(architecture.HeadSize, architecture.RotaryBase))
{
    private static readonly RotaryPostNormNames Names = new(
        "emb_ln", "encoder.layers", "attn.Wqkv", "attn.out_proj", "norm1", "norm2");

    /// <summary>The second of the two products is the gate.</summary>
    protected override string FeedForward(OnnxGraph graph, TokenProducts products, string tokens, string name, int layer)
    {
        var (hidden, wide) = (architecture.Hidden, architecture.FeedForward);
        var halves = products.Multiply(
            graph, tokens, Tensors.ReadProducts(hidden, ($"{name}mlp.fc12", wide), ($"{name}mlp.fc11", wide)), "feed_forward_input", layer);
        var gated = GatedFeedForward.Write(graph, halves, wide, Activation.Silu);
        return products.Multiply(graph, gated, Tensors.ReadProducts(wide, ($"{name}mlp.fc2", hidden)), "gated", layer);
    }

    protected override void FindFeedForward(string name)
    {
        Tensors.FindProduct($"{name}mlp.fc11", architecture.Hidden, architecture.FeedForward);
        Tensors.FindProduct($"{name}mlp.fc12", architecture.Hidden, architecture.FeedForward);
        Tensors.FindProduct($"{name}mlp.fc2", architecture.FeedForward, architecture.Hidden);
    }
}
