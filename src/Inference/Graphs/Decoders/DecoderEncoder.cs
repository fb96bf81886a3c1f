using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Graphs.Pieces;
using ActorEmbed.Inference.Graphs.Products;
using ActorEmbed.Inference.Operators;
using ActorEmbed.Inference.Weights;

namespace ActorEmbed.Inference.Graphs.Decoders;

/// <summary>
/// An encoder made of a decoder's layers: its attention with grouped heads, normalised one by one, and its gated
/// feed-forward block. Where it normalises, and what a token sees, the family says.
/// </summary>
internal abstract class DecoderEncoder : LayeredEncoder
{
    public const string TokenTableName = "embed_tokens.weight";
    protected const string FinalNorm = "norm";

    private readonly EncoderTensors _tensors;
    private readonly DecoderArchitecture _architecture;

    /// <param name="tensors">Of the encoder.</param>
    /// <param name="architecture">Its shape.</param>
    /// <param name="norms">The normalisations of a layer, without its number.</param>
    /// <exception cref="ModelLoadException">A tensor is missing, or of another shape.</exception>
    protected DecoderEncoder(EncoderTensors tensors, DecoderArchitecture architecture, params ReadOnlySpan<string> norms)
    {
        _tensors = tensors;
        _architecture = architecture;
        TokenTable = tensors.Find(TokenTableName, architecture.Vocabulary, architecture.Hidden);
        tensors.Find(FinalNorm + ".weight", architecture.Hidden);
        for (var layer = 0; layer < architecture.Layers; layer++)
            FindLayer(layer, norms);
    }

    public sealed override WeightTensor TokenTable { get; }

    /// <summary>A stored factor as it is multiplied by.</summary>
    protected abstract float FactorOf(float stored);

    protected RotaryPositions Rotary(OnnxGraph graph, PackedText text, float theta) =>
        new(graph, text.Positions, RotaryPositions.Frequencies(_architecture.HeadSize, theta), _architecture.Positions);

    protected GroupedAttention Attention(OnnxGraph graph, PackedText text) =>
        GroupedAttention.Declare(graph, text.Padded, _architecture, _architecture.KeyValueHeads);

    protected string Normalize(OnnxGraph graph, string tokens, string name) =>
        RmsNorm.Write(graph, tokens, Factors(name, _architecture.Hidden), _architecture.NormEpsilon);

    /// <param name="graph">The graph to add to.</param>
    /// <param name="products">Writes the dense products.</param>
    /// <param name="attention">Of the graph.</param>
    /// <param name="rotary">Turns queries and keys.</param>
    /// <param name="reach">What a token sees.</param>
    /// <param name="scoreFactor">What scores are multiplied by.</param>
    /// <param name="tokens">[T, hidden], normalised.</param>
    /// <param name="layer">Which layer.</param>
    /// <returns>[T, hidden].</returns>
    protected string Attend(
        OnnxGraph graph,
        TokenProducts products,
        GroupedAttention attention,
        RotaryPositions rotary,
        AttentionReach reach,
        float scoreFactor,
        string tokens,
        int layer)
    {
        var (queryWidth, keyWidth) = (_architecture.QueryWidth, _architecture.KeyWidth);
        var name = AttentionOf(layer);
        var weights = _tensors.ReadProducts(
            _architecture.Hidden, ($"{name}.q_proj", queryWidth), ($"{name}.k_proj", keyWidth), ($"{name}.v_proj", keyWidth));
        var joined = products.Multiply(graph, tokens, weights, "attention_input", layer);
        var context = attention.Write(
            // The factor of the scores is in the queries' norm: turning them does not change it.
            Turned(graph, rotary, TokenColumns.Slice(graph, joined, 0, queryWidth), $"{name}.q_norm", queryWidth, scoreFactor),
            Turned(graph, rotary, TokenColumns.Slice(graph, joined, queryWidth, queryWidth + keyWidth), $"{name}.k_norm", keyWidth, factor: 1f),
            TokenColumns.Slice(graph, joined, queryWidth + keyWidth, queryWidth + (2 * keyWidth)),
            reach);
        return products.Multiply(graph, context, _tensors.ReadProducts(queryWidth, ($"{name}.o_proj", _architecture.Hidden)), "context", layer);
    }

    /// <param name="graph">The graph to add to.</param>
    /// <param name="products">Writes the dense products.</param>
    /// <param name="activation">Of the gate.</param>
    /// <param name="tokens">[T, hidden], normalised.</param>
    /// <param name="layer">Which layer.</param>
    /// <returns>[T, hidden].</returns>
    protected string FeedForward(OnnxGraph graph, TokenProducts products, Activation activation, string tokens, int layer)
    {
        var (hidden, wide) = (_architecture.Hidden, _architecture.FeedForward);
        var name = FeedForwardOf(layer);
        var halves = products.Multiply(
            graph, tokens, _tensors.ReadProducts(hidden, ($"{name}.gate_proj", wide), ($"{name}.up_proj", wide)), "feed_forward_input", layer);
        var gated = GatedFeedForward.Write(graph, halves, wide, activation);
        return products.Multiply(graph, gated, _tensors.ReadProducts(wide, ($"{name}.down_proj", hidden)), "gated", layer);
    }

    protected static string LayerOf(int layer) => $"layers.{layer}";

    private static string AttentionOf(int layer) => $"{LayerOf(layer)}.self_attn";

    private static string FeedForwardOf(int layer) => $"{LayerOf(layer)}.mlp";

    /// <summary>Heads, each normalised by itself and turned.</summary>
    private string Turned(OnnxGraph graph, RotaryPositions rotary, string heads, string norm, int width, float factor)
    {
        var rows = graph.Node("Reshape", heads, graph.Int64s(-1, _architecture.HeadSize));
        var factors = Array.ConvertAll(Factors(norm, _architecture.HeadSize), value => value * factor);
        return rotary.Write(graph, RmsNorm.Write(graph, rows, factors, _architecture.NormEpsilon), width);
    }

    private float[] Factors(string name, int width) => Array.ConvertAll(_tensors.Read(name + ".weight", width), FactorOf);

    private void FindLayer(int layer, ReadOnlySpan<string> norms)
    {
        var (hidden, wide) = (_architecture.Hidden, _architecture.FeedForward);
        foreach (var norm in norms)
            _tensors.Find($"{LayerOf(layer)}.{norm}.weight", hidden);
        var name = AttentionOf(layer);
        _tensors.FindProduct($"{name}.q_proj", hidden, _architecture.QueryWidth);
        _tensors.FindProduct($"{name}.k_proj", hidden, _architecture.KeyWidth);
        _tensors.FindProduct($"{name}.v_proj", hidden, _architecture.KeyWidth);
        _tensors.FindProduct($"{name}.o_proj", _architecture.QueryWidth, hidden);
        _tensors.Find($"{name}.q_norm.weight", _architecture.HeadSize);
        _tensors.Find($"{name}.k_norm.weight", _architecture.HeadSize);
        name = FeedForwardOf(layer);
        _tensors.FindProduct($"{name}.gate_proj", hidden, wide);
        _tensors.FindProduct($"{name}.up_proj", hidden, wide);
        _tensors.FindProduct($"{name}.down_proj", wide, hidden);
    }
}
