using ActorEmbed.Inference.Weights;

namespace ActorEmbed.Inference.Graphs;

/// <summary>
/// The tensors of an encoder by their meaning, under the names that Hugging Face's BertModel and XLMRobertaModel give
/// them, with or without the prefix of a task model; a pooler or a head beside them is ignored.
/// </summary>
internal sealed class EncoderWeights
{
    private const string TokenTableName = "embeddings.word_embeddings.weight";
    private static readonly string[] Prefixes = ["", "roberta.", "bert.", "model.", "0.auto_model."];

    private readonly SafetensorsFile _file;
    private readonly EncoderArchitecture _architecture;
    private readonly string _prefix;

    private EncoderWeights(SafetensorsFile file, EncoderArchitecture architecture, string prefix)
    {
        _file = file;
        _architecture = architecture;
        _prefix = prefix;
        TokenTable = Find(TokenTableName, architecture.Vocabulary, architecture.Hidden);
    }

    /// <summary>[vocabulary, hidden].</summary>
    public SafetensorsTensor TokenTable { get; }

    /// <summary>Finds every tensor that the architecture needs.</summary>
    /// <param name="file">Where the tensors are.</param>
    /// <param name="architecture">Which tensors there must be, and of which shape.</param>
    /// <param name="whyNot">The tensor that is missing or of another shape, where it returns null.</param>
    public static EncoderWeights? TryOpen(SafetensorsFile file, EncoderArchitecture architecture, out string whyNot)
    {
        var prefix = Array.Find(Prefixes, prefix => file.Find(prefix + TokenTableName) is not null);
        try
        {
            var weights = new EncoderWeights(file, architecture, prefix ?? "");
            weights.FindAll();
            whyNot = "";
            return weights;
        }
        catch (KeyNotFoundException e)
        {
            whyNot = e.Message;
            return null;
        }
    }

    /// <summary>[positions, hidden]; the row of token type 0, which every single text has, is added to each.</summary>
    public float[] PositionTable()
    {
        var table = _file.ReadFloats(Positions());
        if (TokenTypes() is { } types)
        {
            var typeRow = _file.ReadFloats(types).AsSpan(0, _architecture.Hidden);
            for (var start = 0; start < table.Length; start += _architecture.Hidden)
                System.Numerics.Tensors.TensorPrimitives.Add(
                    table.AsSpan(start, _architecture.Hidden), typeRow, table.AsSpan(start, _architecture.Hidden));
        }

        return table;
    }

    public NormWeights EmbeddingNorm() => Norm("embeddings.LayerNorm");

    public NormWeights AttentionNorm(int layer) => Norm($"encoder.layer.{layer}.attention.output.LayerNorm");

    public NormWeights FeedForwardNorm(int layer) => Norm($"encoder.layer.{layer}.output.LayerNorm");

    /// <summary>Queries, keys and values side by side; the division by the square root of the head size is in the queries.</summary>
    public DenseWeights QueryKeyValue(int layer)
    {
        var hidden = _architecture.Hidden;
        var joined = new DenseWeights(hidden, 3 * hidden, new float[hidden * 3 * hidden], new float[3 * hidden]);
        string[] parts = ["query", "key", "value"];
        for (var part = 0; part < parts.Length; part++)
        {
            var name = $"encoder.layer.{layer}.attention.self.{parts[part]}";
            var scale = part == 0 ? 1f / MathF.Sqrt(_architecture.HeadSize) : 1f;
            ReadTransposed(name, hidden, hidden, joined, part * hidden, scale);
        }

        return joined;
    }

    public DenseWeights AttentionOutput(int layer) =>
        Dense($"encoder.layer.{layer}.attention.output.dense", _architecture.Hidden, _architecture.Hidden);

    public DenseWeights FeedForwardUp(int layer) =>
        Dense($"encoder.layer.{layer}.intermediate.dense", _architecture.Hidden, _architecture.FeedForward);

    public DenseWeights FeedForwardDown(int layer) =>
        Dense($"encoder.layer.{layer}.output.dense", _architecture.FeedForward, _architecture.Hidden);

    public float[] AttentionOutputBias(int layer) =>
        _file.ReadFloats(Find($"encoder.layer.{layer}.attention.output.dense.bias", _architecture.Hidden));

    public float[] FeedForwardDownBias(int layer) =>
        _file.ReadFloats(Find($"encoder.layer.{layer}.output.dense.bias", _architecture.Hidden));

    private DenseWeights Dense(string name, int rows, int columns)
    {
        var dense = new DenseWeights(rows, columns, new float[rows * columns], new float[columns]);
        ReadTransposed(name, rows, columns, dense, firstColumn: 0, scale: 1f);
        return dense;
    }

    /// <summary>PyTorch keeps one row for each output, ONNX one column.</summary>
    private void ReadTransposed(string name, int rows, int columns, DenseWeights target, int firstColumn, float scale)
    {
        var source = _file.ReadFloats(Find(name + ".weight", columns, rows));
        var bias = _file.ReadFloats(Find(name + ".bias", columns));
        var (weights, stride) = (target.Weights, target.Columns);
        Parallel.For(0, rows, row =>
        {
            for (var column = 0; column < columns; column++)
                weights[row * stride + firstColumn + column] = source[column * rows + row] * scale;
        });
        for (var column = 0; column < columns; column++)
            target.Bias[firstColumn + column] = bias[column] * scale;
    }

    private NormWeights Norm(string name) =>
        new(_file.ReadFloats(NormPart(name, "weight", "gamma")), _file.ReadFloats(NormPart(name, "bias", "beta")));

    /// <summary>Checkpoints converted from TensorFlow carry the second pair of names.</summary>
    private SafetensorsTensor NormPart(string name, string part, string formerly) =>
        _file.Find($"{_prefix}{name}.{formerly}") is not null
            ? Find($"{name}.{formerly}", _architecture.Hidden)
            : Find($"{name}.{part}", _architecture.Hidden);

    private SafetensorsTensor Positions() =>
        Find("embeddings.position_embeddings.weight", _architecture.Positions, _architecture.Hidden);

    private SafetensorsTensor? TokenTypes() =>
        _file.Find(_prefix + "embeddings.token_type_embeddings.weight") is { } types
            ? Find("embeddings.token_type_embeddings.weight", types.Shape is [var rows, _] ? rows : 1, _architecture.Hidden)
            : null;

    private void FindAll()
    {
        var (hidden, wide) = (_architecture.Hidden, _architecture.FeedForward);
        Positions();
        TokenTypes();
        FindNorm("embeddings.LayerNorm");
        for (var layer = 0; layer < _architecture.Layers; layer++)
        {
            var name = $"encoder.layer.{layer}";
            FindDense($"{name}.attention.self.query", hidden, hidden);
            FindDense($"{name}.attention.self.key", hidden, hidden);
            FindDense($"{name}.attention.self.value", hidden, hidden);
            FindDense($"{name}.attention.output.dense", hidden, hidden);
            FindNorm($"{name}.attention.output.LayerNorm");
            FindDense($"{name}.intermediate.dense", hidden, wide);
            FindDense($"{name}.output.dense", wide, hidden);
            FindNorm($"{name}.output.LayerNorm");
        }
    }

    private void FindDense(string name, int rows, int columns)
    {
        Find(name + ".weight", columns, rows);
        Find(name + ".bias", columns);
    }

    private void FindNorm(string name)
    {
        NormPart(name, "weight", "gamma");
        NormPart(name, "bias", "beta");
    }

    private SafetensorsTensor Find(string name, params ReadOnlySpan<long> shape)
    {
        var tensor = _file.Find(_prefix + name)
            ?? throw new KeyNotFoundException($"{_file.Path} has no tensor '{_prefix + name}'");
        return tensor.Type != SafetensorsType.Other && shape.SequenceEqual(tensor.Shape)
            ? tensor
            : throw new KeyNotFoundException(
                $"{_file.Path}: tensor '{tensor.Name}' has the shape [{string.Join(", ", tensor.Shape)}], expected floating-point numbers of shape [{string.Join(", ", shape.ToArray())}]");
    }
}
