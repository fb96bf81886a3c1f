using System.Numerics.Tensors;

namespace ActorEmbed.Inference.Graphs.Pieces;

/// <summary>The weights of a dense product as signed bytes with one scale for each output.</summary>
/// <param name="Values">[rows, columns].</param>
/// <param name="Scales">[columns].</param>
internal sealed record QuantizedWeights(sbyte[] Values, float[] Scales)
{
    /// <summary>Symmetric by column: the largest magnitude becomes <paramref name="limit"/>.</summary>
    /// <param name="dense">The weights; where there is a bias, it takes over what the rounding does to the mean of each output.</param>
    /// <param name="limit">Largest magnitude of a byte.</param>
    /// <param name="inputs">What the product's inputs are.</param>
    public static QuantizedWeights From(DenseWeights dense, int limit, InputStatistics inputs)
    {
        var scales = new float[dense.Columns];
        for (var i = 0; i < dense.Weights.Length; i += dense.Columns)
            TensorPrimitives.MaxMagnitude(scales, dense.Weights.AsSpan(i, dense.Columns), scales);
        foreach (ref var scale in scales.AsSpan())
            scale = scale == 0 ? 1f : MathF.Abs(scale) / limit;

        var (values, lostMeans) = ErrorFeedback.Round(dense, scales, limit, inputs);
        if (dense.Bias.Length > 0)
            TensorPrimitives.Add(dense.Bias, lostMeans, dense.Bias);
        return new QuantizedWeights(values, scales);
    }

    /// <summary>Row vector times these weights, as the graph will multiply it.</summary>
    public float[] MultiplyLeft(ReadOnlySpan<float> row)
    {
        var sums = new double[Scales.Length];
        for (var r = 0; r < row.Length; r++)
            for (var column = 0; column < sums.Length; column++)
                sums[column] += row[r] * Values[r * sums.Length + column];
        return [.. sums.Zip(Scales, (sum, scale) => (float)(sum * scale))];
    }
}
