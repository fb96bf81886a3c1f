using ActorEmbed.Inference.Graphs.Decoders;
using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Graphs.Pieces;
using ActorEmbed.Inference.Graphs.Products;
using ActorEmbed.Inference.Operators;

namespace ActorEmbed.Inference.Graphs.Families.Qwen3;

/// <summary>Writes a Qwen3.</summary>
internal sealed class Qwen3Encoder(EncoderTensors tensors, Qwen3Architecture architecture)
    : DecoderEncoder(tensors, architecture, AttentionNorm, FeedForwardNorm)
{
    private const string AttentionNorm = "input_layernorm";
    private const string FeedForwardNorm = "post_attention_layernorm";

    protected override float FactorOf(float stored) => stored;

    protected override void Write(OnnxGraph graph, IReadOnlyList<PoolingMode> pooling, TokenProducts products)
    {
        var text = PackedText.Declare(graph, architecture.Hidden);
        var rotary = Rotary(graph, text, architecture.RotaryBase);
        var attention = Attention(graph, text);
        var scoreFactor = 1f / MathF.Sqrt(architecture.HeadSize);

        var x = text.Rows;
        for (var layer = 0; layer < architecture.Layers; layer++)
        {
            var normalized = Normalize(graph, x, $"{LayerOf(layer)}.{AttentionNorm}");
            x = graph.Node("Add", x, Attend(graph, products, attention, rotary, AttentionReach.Causal, scoreFactor, normalized, layer));
            normalized = Normalize(graph, x, $"{LayerOf(layer)}.{FeedForwardNorm}");
            x = graph.Node("Add", x, FeedForward(graph, products, Activation.Silu, normalized, layer));
        }

        PoolingHead.Write(graph, Normalize(graph, x, FinalNorm), text.Padded, pooling, architecture.Hidden);
    }
}
