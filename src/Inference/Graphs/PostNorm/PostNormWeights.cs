using System.Numerics.Tensors;
using ActorEmbed.Inference.Graphs.Pieces;
using ActorEmbed.Inference.Weights;

namespace ActorEmbed.Inference.Graphs.PostNorm;

/// <summary>The tensors of a post-norm encoder by their meaning.</summary>
internal sealed class PostNormWeights
{
    private readonly EncoderTensors _tensors;
    private readonly EncoderArchitecture _architecture;
    private readonly IPostNormTensorNames _names;

    private PostNormWeights(
        EncoderTensors tensors, EncoderArchitecture architecture, IPostNormTensorNames names, Func<EncoderTensors, IScoreBias>? scoreBias)
    {
        _tensors = tensors;
        _architecture = architecture;
        _names = names;
        TokenTable = tensors.Find(names.TokenTable, architecture.Vocabulary, architecture.Hidden);
        FindAll();
        ScoreBias = scoreBias?.Invoke(tensors);
    }

    /// <summary>[vocabulary, hidden].</summary>
    public WeightTensor TokenTable { get; }

    /// <summary>Added to the scores of every layer; null for nothing.</summary>
    public IScoreBias? ScoreBias { get; }

    /// <returns>The weights, or null where the file has no token table under a name of this family.</returns>
    /// <exception cref="ModelLoadException">Another tensor is missing, or one is of another shape than the configuration states.</exception>
    public static PostNormWeights? TryOpen(
        IModelWeights files,
        EncoderArchitecture architecture,
        IPostNormTensorNames names,
        out string whyNot,
        Func<EncoderTensors, IScoreBias>? scoreBias = null) =>
        EncoderTensors.TryFind(files, names.Prefixes, names.TokenTable, out whyNot) is { } tensors
            ? new PostNormWeights(tensors, architecture, names, scoreBias)
            : null;

    /// <summary>
    /// [positions, hidden]; the row of token type 0, which every single text has, is added to each, unless the graph tells
    /// the types apart.
    /// </summary>
    public float[] PositionTable()
    {
        var hidden = _architecture.Hidden;
        var table = _tensors.Read(_names.PositionTable, _architecture.Positions, hidden);
        if (_architecture.TokenTypes == 0 && _names.TokenTypeTable is { } types && _tensors.Has(types))
        {
            var typeRow = _tensors.Read(types, _tensors.Rows(types), hidden).AsSpan(0, hidden);
            for (var start = 0; start < table.Length; start += hidden)
                TensorPrimitives.Add(table.AsSpan(start, hidden), typeRow, table.AsSpan(start, hidden));
        }

        return table;
    }

    /// <summary>[token types, hidden].</summary>
    public float[] TokenTypeTable() => _tensors.Read(_names.TokenTypeTable!, _architecture.TokenTypes, _architecture.Hidden);

    public NormWeights EmbeddingNorm() => _tensors.ReadNorm(_names.EmbeddingNorm, _architecture.Hidden);

    public NormWeights AttentionNorm(int layer) => _tensors.ReadNorm(_names.AttentionNorm(layer), _architecture.Hidden);

    public NormWeights FeedForwardNorm(int layer) => _tensors.ReadNorm(_names.FeedForwardNorm(layer), _architecture.Hidden);

    /// <summary>Queries, keys and values side by side; the division by the square root of the head size is in the queries.</summary>
    public DenseWeights QueryKeyValue(int layer)
    {
        var hidden = _architecture.Hidden;
        var joined = new DenseWeights(hidden, 3 * hidden, new float[hidden * 3 * hidden], new float[3 * hidden]);
        _tensors.ReadInto(joined, _names.Query(layer), hidden, hidden, firstColumn: 0, 1f / MathF.Sqrt(_architecture.HeadSize));
        _tensors.ReadInto(joined, _names.Key(layer), hidden, hidden, firstColumn: hidden, scale: 1f);
        _tensors.ReadInto(joined, _names.Value(layer), hidden, hidden, firstColumn: 2 * hidden, scale: 1f);
        return joined;
    }

    public DenseWeights AttentionOutput(int layer) =>
        _tensors.ReadDense(_names.AttentionOutput(layer), _architecture.Hidden, _architecture.Hidden);

    public DenseWeights FeedForwardUp(int layer) =>
        _tensors.ReadDense(_names.FeedForwardUp(layer), _architecture.Hidden, _architecture.FeedForward);

    public DenseWeights FeedForwardDown(int layer) =>
        _tensors.ReadDense(_names.FeedForwardDown(layer), _architecture.FeedForward, _architecture.Hidden);

    public float[] AttentionOutputBias(int layer) =>
        _tensors.Read(_names.AttentionOutput(layer) + ".bias", _architecture.Hidden);

    public float[] FeedForwardDownBias(int layer) =>
        _tensors.Read(_names.FeedForwardDown(layer) + ".bias", _architecture.Hidden);

    private void FindAll()
    {
        var (hidden, wide) = (_architecture.Hidden, _architecture.FeedForward);
        _tensors.Find(_names.PositionTable, _architecture.Positions, hidden);
        if (_names.TokenTypeTable is { } types && _tensors.Has(types))
            _tensors.Find(types, _architecture.TokenTypes > 0 ? _architecture.TokenTypes : _tensors.Rows(types), hidden);
        _tensors.FindNorm(_names.EmbeddingNorm, hidden);
        for (var layer = 0; layer < _architecture.Layers; layer++)
        {
            _tensors.FindDense(_names.Query(layer), hidden, hidden);
            _tensors.FindDense(_names.Key(layer), hidden, hidden);
            _tensors.FindDense(_names.Value(layer), hidden, hidden);
            _tensors.FindDense(_names.AttentionOutput(layer), hidden, hidden);
            _tensors.FindNorm(_names.AttentionNorm(layer), hidden);
            _tensors.FindDense(_names.FeedForwardUp(layer), hidden, wide);
            _tensors.FindDense(_names.FeedForwardDown(layer), wide, hidden);
            _tensors.FindNorm(_names.FeedForwardNorm(layer), hidden);
        }
    }
}
