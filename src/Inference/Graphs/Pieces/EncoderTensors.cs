using ActorEmbed.Inference.Weights;

namespace ActorEmbed.Inference.Graphs.Pieces;

/// <summary>
/// The tensors of one encoder in a safetensors file, whose names may all have a prefix there. What is asked for must be
/// there and of the shape that the configuration states: otherwise the two files do not belong together.
/// </summary>
/// <param name="files">Where the tensors are.</param>
/// <param name="prefix">Before every name.</param>
internal sealed class EncoderTensors(IModelWeights files, string prefix)
{
    // Numbers of a line of the cache.
    private const int TransposedAtOnce = 16;

    /// <summary>The tensors under the first prefix that has a tensor of this name.</summary>
    /// <param name="files">Where the tensors are.</param>
    /// <param name="prefixes">What may stand before every name, in the order in which it is looked for.</param>
    /// <param name="name">A tensor that every encoder of the family has.</param>
    /// <param name="whyNot">That there is none, where it returns null.</param>
    public static EncoderTensors? TryFind(IModelWeights files, IReadOnlyList<string> prefixes, string name, out string whyNot)
    {
        var prefix = prefixes.FirstOrDefault(prefix => files.Find(prefix + name) is not null);
        whyNot = prefix is null ? $"{files.Path} has no tensor '{name}'" : "";
        return prefix is null ? null : new EncoderTensors(files, prefix);
    }

    public bool Has(string name) => files.Find(prefix + name) is not null;

    /// <exception cref="ModelLoadException">There is none of this name and shape.</exception>
    public WeightTensor Find(string name, params ReadOnlySpan<long> shape)
    {
        var tensor = files.Find(prefix + name)
            ?? throw new ModelLoadException($"{files.Path} has no tensor '{prefix + name}', which its config.json asks for.");
        return tensor.Type.IsFloatingPoint() && shape.SequenceEqual(tensor.Shape)
            ? tensor
            : throw new ModelLoadException(
                $"{tensor.File}: tensor '{tensor.Name}' has the shape [{string.Join(", ", tensor.Shape)}]; its config.json asks for floating-point numbers of shape [{string.Join(", ", shape.ToArray())}].");
    }

    /// <summary>Rows of a table whose number no configuration states.</summary>
    public long Rows(string name) => files.Find(prefix + name)?.Shape is [var rows, _] ? rows : 1;

    public float[] Read(string name, params ReadOnlySpan<long> shape) => files.ReadFloats(Find(name, shape));

    /// <summary>Checks that a product and its bias are there.</summary>
    public void FindDense(string name, int rows, int columns)
    {
        Find(name + ".weight", columns, rows);
        Find(name + ".bias", columns);
    }

    public DenseWeights ReadDense(string name, int rows, int columns)
    {
        var dense = new DenseWeights(rows, columns, new float[rows * columns], new float[columns]);
        ReadInto(dense, name, rows, columns, firstColumn: 0, scale: 1f);
        return dense;
    }

    /// <summary>Reads a product into some columns of a wider one. PyTorch keeps one row for each output, ONNX one column.</summary>
    public void ReadInto(DenseWeights target, string name, int rows, int columns, int firstColumn, float scale)
    {
        var bias = Read(name + ".bias", columns);
        ReadTransposed(name, rows, columns, target, firstColumn, scale);
        for (var column = 0; column < columns; column++)
            target.Bias[firstColumn + column] = bias[column] * scale;
    }

    /// <summary>Reads products of the same inputs side by side. They have biases where the first of them has one.</summary>
    /// <exception cref="ModelLoadException">One is not there, or of another shape.</exception>
    public DenseWeights ReadProducts(int rows, params ReadOnlySpan<(string Name, int Columns)> products)
    {
        var columns = 0;
        foreach (var (_, count) in products)
            columns += count;
        var joined = new DenseWeights(rows, columns, new float[rows * columns], HasBias(products[0].Name) ? new float[columns] : []);
        var first = 0;
        foreach (var (name, count) in products)
        {
            ReadTransposed(name, rows, count, joined, first, scale: 1f);
            if (joined.Bias.Length > 0)
                Read(name + ".bias", count).CopyTo(joined.Bias.AsSpan(first));
            first += count;
        }

        return joined;
    }

    /// <summary>Checks that a product is there, and its bias if it has one.</summary>
    public void FindProduct(string name, int rows, int columns)
    {
        Find(name + ".weight", columns, rows);
        if (HasBias(name))
            Find(name + ".bias", columns);
    }

    /// <summary>A normalisation whose shift may be missing.</summary>
    public NormWeights ReadFactors(string name, int hidden) =>
        new(Read(name + ".weight", hidden), HasBias(name) ? Read(name + ".bias", hidden) : []);

    /// <summary>Checks that a normalisation is there, whose shift may be missing.</summary>
    public void FindFactors(string name, int hidden)
    {
        Find(name + ".weight", hidden);
        if (HasBias(name))
            Find(name + ".bias", hidden);
    }

    /// <summary>Checks that a normalisation is there.</summary>
    public void FindNorm(string name, int hidden)
    {
        Find(NormPart(name, "weight", "gamma"), hidden);
        Find(NormPart(name, "bias", "beta"), hidden);
    }

    public NormWeights ReadNorm(string name, int hidden) =>
        new(Read(NormPart(name, "weight", "gamma"), hidden), Read(NormPart(name, "bias", "beta"), hidden));

    private bool HasBias(string name) => Has(name + ".bias");

    private void ReadTransposed(string name, int rows, int columns, DenseWeights target, int firstColumn, float scale)
    {
        foreach (var block in files.ReadRows(Find(name + ".weight", columns, rows)))
        {
            Transpose(block, rows, target, firstColumn, scale);
            firstColumn += block.Length / rows;
        }
    }

    /// <summary>A square of numbers at a time, so that both sides stay in the cache.</summary>
    private static void Transpose(ReadOnlyMemory<float> outputs, int rows, DenseWeights target, int firstColumn, float scale)
    {
        var columns = outputs.Length / rows;
        Parallel.For(0, (rows + TransposedAtOnce - 1) / TransposedAtOnce, part =>
        {
            var source = outputs.Span;
            var (firstRow, endRow) = (part * TransposedAtOnce, Math.Min((part + 1) * TransposedAtOnce, rows));
            for (var first = 0; first < columns; first += TransposedAtOnce)
            {
                var count = Math.Min(TransposedAtOnce, columns - first);
                for (var row = firstRow; row < endRow; row++)
                {
                    var line = target.Weights.AsSpan((row * target.Columns) + firstColumn + first, count);
                    for (var i = 0; i < line.Length; i++)
                        line[i] = source[((first + i) * rows) + row] * scale;
                }
            }
        });
    }

    /// <summary>Checkpoints converted from TensorFlow carry the second pair of names.</summary>
    private string NormPart(string name, string part, string formerly) =>
        Has($"{name}.{formerly}") ? $"{name}.{formerly}" : $"{name}.{part}";
}
