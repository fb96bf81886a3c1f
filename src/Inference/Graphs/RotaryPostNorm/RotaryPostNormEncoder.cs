using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Graphs.Pieces;
using ActorEmbed.Inference.Graphs.Products;
using ActorEmbed.Inference.Weights;

namespace ActorEmbed.Inference.Graphs.RotaryPostNorm;

/// <summary>
/// An encoder with rotary positions and joined projections that normalises after each block. What its feed-forward block
/// is, the family says.
/// </summary>
internal abstract class RotaryPostNormEncoder : LayeredEncoder
{
    private readonly EncoderArchitecture _architecture;
    private readonly RotaryPostNormNames _names;
    private readonly float[] _frequencies;

    /// <param name="tensors">Of the encoder.</param>
    /// <param name="architecture">Its shape.</param>
    /// <param name="names">What the family calls its tensors.</param>
    /// <param name="frequencies">[head size / 2] of the rotary positions.</param>
    /// <exception cref="ModelLoadException">A tensor is missing, or of another shape.</exception>
    protected RotaryPostNormEncoder(EncoderTensors tensors, EncoderArchitecture architecture, RotaryPostNormNames names, float[] frequencies)
    {
        Tensors = tensors;
        _architecture = architecture;
        _names = names;
        _frequencies = frequencies;
        TokenTable = tensors.Find(RotaryPostNormNames.TokenTable, architecture.Vocabulary, architecture.Hidden);
        FindAll();
    }

    public sealed override WeightTensor TokenTable { get; }

    protected EncoderTensors Tensors { get; }

    protected sealed override void Write(OnnxGraph graph, IReadOnlyList<PoolingMode> pooling, TokenProducts products)
    {
        var (hidden, heads) = (_architecture.Hidden, _architecture.Heads);
        var text = PackedText.Declare(graph, hidden);
        var rotary = new RotaryPositions(graph, text.Positions, _frequencies, _architecture.Positions);
        var attention = GroupedAttention.Declare(graph, text.Padded, _architecture, heads);

        var x = Normalize(graph, Embedding(graph, text.Rows), _names.EmbeddingNorm);
        for (var layer = 0; layer < _architecture.Layers; layer++)
        {
            var name = NameOf(layer);
            var joined = products.Multiply(graph, x, QueryKeyValue(name), "attention_input", layer);
            var context = attention.Write(
                rotary.Write(graph, TokenColumns.Slice(graph, joined, 0, hidden), hidden),
                rotary.Write(graph, TokenColumns.Slice(graph, joined, hidden, 2 * hidden), hidden),
                TokenColumns.Slice(graph, joined, 2 * hidden, 3 * hidden),
                AttentionReach.Everything);
            var attended = products.Multiply(graph, context, Tensors.ReadProducts(hidden, (name + _names.AttentionOutput, hidden)), "context", layer);
            x = Normalize(graph, graph.Node("Add", attended, x), name + _names.AttentionNorm);

            var fed = FeedForward(graph, products, x, name, layer);
            x = Normalize(graph, graph.Node("Add", fed, x), name + _names.FeedForwardNorm);
        }

        PoolingHead.Write(graph, x, text.Padded, pooling, hidden);
    }

    /// <param name="graph">The graph to add to.</param>
    /// <param name="products">Writes the dense products.</param>
    /// <param name="tokens">[T, hidden], normalised.</param>
    /// <param name="name">What stands before the names of the layer.</param>
    /// <param name="layer">Which layer.</param>
    /// <returns>The residual's summand, [T, hidden].</returns>
    protected abstract string FeedForward(OnnxGraph graph, TokenProducts products, string tokens, string name, int layer);

    /// <summary>Checks that the tensors of a feed-forward block are there.</summary>
    protected abstract void FindFeedForward(string name);

    private string NameOf(int layer) => $"{_names.Layer}.{layer}.";

    private string Embedding(OnnxGraph graph, string rows)
    {
        const string types = RotaryPostNormNames.TokenTypeTable;
        return Tensors.Has(types)
            ? graph.Node("Add", rows, graph.Floats(
                Tensors.Read(types, Tensors.Rows(types), _architecture.Hidden).AsSpan(0, _architecture.Hidden), _architecture.Hidden))
            : rows;
    }

    private DenseWeights QueryKeyValue(string name)
    {
        var joined = Tensors.ReadProducts(_architecture.Hidden, (name + _names.QueryKeyValue, 3 * _architecture.Hidden));
        joined.ScaleFirstColumns(_architecture.Hidden, 1f / MathF.Sqrt(_architecture.HeadSize));
        return joined;
    }

    private string Normalize(OnnxGraph graph, string input, string name) =>
        LayerNorm.Write(graph, input, Tensors.ReadFactors(name, _architecture.Hidden), _architecture.NormEpsilon);

    private void FindAll()
    {
        var hidden = _architecture.Hidden;
        Tensors.FindFactors(_names.EmbeddingNorm, hidden);
        for (var layer = 0; layer < _architecture.Layers; layer++)
        {
            var name = NameOf(layer);
            Tensors.FindProduct(name + _names.QueryKeyValue, hidden, 3 * hidden);
            Tensors.FindProduct(name + _names.AttentionOutput, hidden, hidden);
            Tensors.FindFactors(name + _names.AttentionNorm, hidden);
            FindFeedForward(name);
            Tensors.FindFactors(name + _names.FeedForwardNorm, hidden);
        }
    }
}
