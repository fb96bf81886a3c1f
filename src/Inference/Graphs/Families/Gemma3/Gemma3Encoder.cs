using ActorEmbed.Inference.Graphs.Decoders;
using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Graphs.Pieces;
using ActorEmbed.Inference.Graphs.Products;
using ActorEmbed.Inference.Operators;

namespace ActorEmbed.Inference.Graphs.Families.Gemma3;

/// <summary>Writes a Gemma 3 for text: each block is normalised before it and again before it is added.</summary>
internal sealed class Gemma3Encoder(EncoderTensors tensors, Gemma3Architecture architecture)
    : DecoderEncoder(tensors, architecture, BeforeAttention, AfterAttention, BeforeFeedForward, AfterFeedForward)
{
    private const string BeforeAttention = "input_layernorm";
    private const string AfterAttention = "post_attention_layernorm";
    private const string BeforeFeedForward = "pre_feedforward_layernorm";
    private const string AfterFeedForward = "post_feedforward_layernorm";

    private AttentionReach FarReach => architecture.IsCausal ? AttentionReach.Causal : AttentionReach.Everything;

    // In both directions the window's width is split between them; looking back only, it counts the token itself.
    private AttentionReach NearReach => architecture.IsCausal
        ? new AttentionReach(architecture.Window - 1, 0)
        : AttentionReach.Window(architecture.Window / 2);

    /// <summary>Factors are stored as their difference from 1.</summary>
    protected override float FactorOf(float stored) => 1f + stored;

    protected override void Write(OnnxGraph graph, IReadOnlyList<PoolingMode> pooling, TokenProducts products)
    {
        var text = PackedText.Declare(graph, architecture.Hidden);
        var global = Rotary(graph, text, architecture.GlobalRotaryBase);
        var local = Rotary(graph, text, architecture.LocalRotaryBase);
        var attention = Attention(graph, text);

        var x = graph.Node("Mul", text.Rows, graph.Floats([MathF.Sqrt(architecture.Hidden)]));
        for (var layer = 0; layer < architecture.Layers; layer++)
        {
            var name = LayerOf(layer);
            var (rotary, reach) = architecture.LocalLayers[layer] ? (local, NearReach) : (global, FarReach);
            var attended = Attend(
                graph, products, attention, rotary, reach, architecture.ScoreFactor, Normalize(graph, x, $"{name}.{BeforeAttention}"), layer);
            x = graph.Node("Add", x, Normalize(graph, attended, $"{name}.{AfterAttention}"));

            var fed = FeedForward(graph, products, Activation.GeluTanh, Normalize(graph, x, $"{name}.{BeforeFeedForward}"), layer);
            x = graph.Node("Add", x, Normalize(graph, fed, $"{name}.{AfterFeedForward}"));
        }

        PoolingHead.Write(graph, Normalize(graph, x, FinalNorm), text.Padded, pooling, architecture.Hidden);
    }
}
