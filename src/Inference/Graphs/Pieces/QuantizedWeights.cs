using System.Numerics.Tensors;

namespace ActorEmbed.Inference.Graphs.Pieces;

/// <summary>The weights of a dense product as signed bytes with one scale for each output.</summary>
/// <param name="Values">[rows, columns].</param>
/// <param name="Scales">[columns].</param>
/// <param name="SumLimit">What weights of one sign sum up to at most: see <see cref="WeightSums"/>.</param>
internal sealed record QuantizedWeights(sbyte[] Values, float[] Scales, int SumLimit)
{
    /// <summary>Symmetric by column: as fine as the largest magnitude and the largest sum allow.</summary>
    /// <param name="dense">The weights; where there is a bias, it takes over what the rounding does to the mean of each output.</param>
    /// <param name="sumLimit">What weights of one sign may sum up to.</param>
    /// <param name="inputs">What the product's inputs are.</param>
    public static QuantizedWeights From(DenseWeights dense, int sumLimit, InputStatistics inputs)
    {
        var scales = StepsOf(dense, sumLimit);
        var (values, lostMeans) = ErrorFeedback.Round(dense, scales, sumLimit, inputs);
        if (dense.Bias.Length > 0)
            TensorPrimitives.Add(dense.Bias, lostMeans, dense.Bias);
        return new QuantizedWeights(values, scales, sumLimit);
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

    private static float[] StepsOf(DenseWeights dense, int sumLimit)
    {
        var (largest, row) = (new float[dense.Columns], new float[dense.Columns]);
        // Of each group of a window, upwards and downwards.
        var sums = new float[2 * WeightSums.Groups][];
        foreach (ref var sum in sums.AsSpan())
            sum = new float[dense.Columns];
        var largestSums = new float[dense.Columns];
        for (var r = 0; r < dense.Rows; r++)
        {
            var weights = dense.Weights.AsSpan(r * dense.Columns, dense.Columns);
            TensorPrimitives.MaxMagnitude(largest, weights, largest);
            var (up, down) = (sums[2 * WeightSums.GroupOf(r)], sums[2 * WeightSums.GroupOf(r) + 1]);
            TensorPrimitives.Max(weights, 0f, row);
            TensorPrimitives.Add(up, row, up);
            TensorPrimitives.Min(weights, 0f, row);
            TensorPrimitives.Subtract(down, row, down);
            if (r % WeightSums.Window != WeightSums.Window - 1 && r != dense.Rows - 1)
                continue;
            foreach (var sum in sums)
            {
                TensorPrimitives.Max(largestSums, sum, largestSums);
                Array.Clear(sum);
            }
        }

        return [.. largest.Zip(largestSums, (weight, sum) =>
            weight == 0 ? 1f : MathF.Max(MathF.Abs(weight) / WeightSums.LargestWeight, sum / sumLimit))];
    }
}
