using System.Numerics.Tensors;

namespace ActorEmbed.Inference.Graphs.Pieces;

/// <summary>The weights of a dense product as signed bytes with one scale for each output.</summary>
/// <param name="Values">[rows, columns].</param>
/// <param name="Scales">[columns].</param>
internal sealed record QuantizedWeights(sbyte[] Values, float[] Scales)
{
    /// <summary>Symmetric by column, in as small steps as the largest weight and the largest pair of weights allow.</summary>
    /// <param name="dense">The weights; where there is a bias, it takes over what the rounding does to the mean of each output.</param>
    /// <param name="pairLimit">See <see cref="CpuFeatures.WeightPairLimit"/>.</param>
    /// <param name="inputs">What the product's inputs are.</param>
    public static QuantizedWeights From(DenseWeights dense, int pairLimit, InputStatistics inputs)
    {
        var scales = Steps(dense, pairLimit);
        var (values, lostMeans) = ErrorFeedback.Round(dense, scales, pairLimit, inputs);
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

    /// <returns>[columns]: what a step of a byte stands for.</returns>
    private static float[] Steps(DenseWeights dense, int pairLimit)
    {
        var (alone, together) = (new float[dense.Columns], new float[dense.Columns]);
        var (magnitudes, mates) = (new float[dense.Columns], new float[dense.Columns]);
        for (var row = 0; row < dense.Rows; row++)
        {
            TensorPrimitives.Abs(dense.Weights.AsSpan(row * dense.Columns, dense.Columns), magnitudes);
            TensorPrimitives.Max(alone, magnitudes, alone);
            if (row % 2 != 0)
            {
                TensorPrimitives.Add(mates, magnitudes, mates);
                TensorPrimitives.Max(together, mates, together);
            }

            (magnitudes, mates) = (mates, magnitudes);
        }

        TensorPrimitives.Divide(alone, sbyte.MaxValue, alone);
        TensorPrimitives.Divide(together, pairLimit, together);
        TensorPrimitives.Max(alone, together, alone);
        alone.AsSpan().Replace(0f, 1f);
        return alone;
    }
}
