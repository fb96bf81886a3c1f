using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Graphs.Pieces;
using ActorEmbed.Inference.Graphs.Products;
using ActorEmbed.Inference.Weights;

namespace ActorEmbed.Inference.Graphs.Families.ModernBert;

/// <summary>Writes a ModernBERT.</summary>
internal sealed class ModernBertEncoder : LayeredEncoder
{
    public const string TokenTableName = "embeddings.tok_embeddings.weight";

    private readonly EncoderTensors _tensors;
    private readonly ModernBertArchitecture _architecture;

    public ModernBertEncoder(EncoderTensors tensors, ModernBertArchitecture architecture)
    {
        _tensors = tensors;
        _architecture = architecture;
        TokenTable = tensors.Find(TokenTableName, architecture.Vocabulary, architecture.Hidden);
        FindAll();
    }

    public override WeightTensor TokenTable { get; }

    protected override void Write(OnnxGraph graph, IReadOnlyList<PoolingMode> pooling, TokenProducts products)
    {
        var text = PackedText.Declare(graph, _architecture.Hidden);
        var global = Rotary(graph, text, _architecture.GlobalRotaryBase);
        var local = Rotary(graph, text, _architecture.LocalRotaryBase);
        var attention = GroupedAttention.Declare(graph, text.Padded, _architecture, _architecture.Heads);

        var x = Normalize(graph, text.Rows, "embeddings.norm");
        for (var layer = 0; layer < _architecture.Layers; layer++)
        {
            // The embeddings have just been normalised.
            var input = layer == 0 ? x : Normalize(graph, x, $"layers.{layer}.attn_norm");
            x = graph.Node("Add", x, _architecture.LocalLayers[layer]
                ? Attend(graph, products, attention, local, AttentionReach.Window(_architecture.LocalTokens), input, layer)
                : Attend(graph, products, attention, global, AttentionReach.Everything, input, layer));
            x = graph.Node("Add", x, FeedForward(graph, products, Normalize(graph, x, $"layers.{layer}.mlp_norm"), layer));
        }

        PoolingHead.Write(graph, Normalize(graph, x, "final_norm"), text.Padded, pooling, _architecture.Hidden);
    }

    private RotaryPositions Rotary(OnnxGraph graph, PackedText text, float theta) =>
        new(graph, text.Positions, RotaryPositions.Frequencies(_architecture.HeadSize, theta), _architecture.Positions);

    private string Attend(
        OnnxGraph graph, TokenProducts products, GroupedAttention attention, RotaryPositions rotary, AttentionReach reach, string input, int layer)
    {
        var hidden = _architecture.Hidden;
        var weights = _tensors.ReadProducts(hidden, ($"layers.{layer}.attn.Wqkv", 3 * hidden));
        weights.ScaleFirstColumns(hidden, 1f / MathF.Sqrt(_architecture.HeadSize));
        var joined = products.Multiply(graph, input, weights, "attention_input", layer);
        var context = attention.Write(
            rotary.Write(graph, TokenColumns.Slice(graph, joined, 0, hidden), hidden),
            rotary.Write(graph, TokenColumns.Slice(graph, joined, hidden, 2 * hidden), hidden),
            TokenColumns.Slice(graph, joined, 2 * hidden, 3 * hidden),
            reach);
        return products.Multiply(graph, context, _tensors.ReadProducts(hidden, ($"layers.{layer}.attn.Wo", hidden)), "context", layer);
    }

    private string FeedForward(OnnxGraph graph, TokenProducts products, string input, int layer)
    {
        var (hidden, wide) = (_architecture.Hidden, _architecture.FeedForward);
        var halves = products.Multiply(
            graph, input, _tensors.ReadProducts(hidden, ($"layers.{layer}.mlp.Wi", 2 * wide)), "feed_forward_input", layer);
        var gated = GatedFeedForward.Write(graph, halves, wide, _architecture.Activation);
        return products.Multiply(graph, gated, _tensors.ReadProducts(wide, ($"layers.{layer}.mlp.Wo", hidden)), "gated", layer);
    }

    private string Normalize(OnnxGraph graph, string input, string name) =>
        LayerNorm.Write(graph, input, _tensors.ReadFactors(name, _architecture.Hidden), _architecture.NormEpsilon);

    private void FindAll()
    {
        var (hidden, wide) = (_architecture.Hidden, _architecture.FeedForward);
        _tensors.FindFactors("embeddings.norm", hidden);
        _tensors.FindFactors("final_norm", hidden);
        for (var layer = 0; layer < _architecture.Layers; layer++)
        {
            if (layer > 0)
                _tensors.FindFactors($"layers.{layer}.attn_norm", hidden);
            _tensors.FindProduct($"layers.{layer}.attn.Wqkv", hidden, 3 * hidden);
            _tensors.FindProduct($"layers.{layer}.attn.Wo", hidden, hidden);
            _tensors.FindFactors($"layers.{layer}.mlp_norm", hidden);
            _tensors.FindProduct($"layers.{layer}.mlp.Wi", hidden, 2 * wide);
            _tensors.FindProduct($"layers.{layer}.mlp.Wo", wide, hidden);
        }
    }
}
