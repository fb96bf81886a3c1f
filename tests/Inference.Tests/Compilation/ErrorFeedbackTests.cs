using ActorEmbed.Inference.Graphs;
using ActorEmbed.Inference.Graphs.Pieces;

namespace ActorEmbed.Inference.Tests.Compilation;

/// <summary>Rounding that looks at what the inputs of a product are, beside rounding to the nearest.</summary>
public sealed class ErrorFeedbackTests
{
    private const int Tokens = 400;
    // Not a multiple of anything: the last tile of columns is narrow.
    private const int Columns = 37;

    [Theory]
    [InlineData(48, true, WeightSums.In32Bits)]
    [InlineData(48, false, WeightSums.In32Bits)]
    [InlineData(1024, true, WeightSums.In32Bits)] // several blocks
    [InlineData(1024, true, WeightSums.In16Bits)]
    public void Outputs_of_dependent_inputs_suffer_less_than_by_rounding_to_the_nearest(int rows, bool hasBias, int sumLimit)
    {
        var (inputs, dense) = (DependentInputs(rows), RandomProduct(rows, hasBias));
        var (weights, bias) = (dense.Weights.ToArray(), dense.Bias.ToArray());

        var quantized = QuantizedWeights.From(dense, sumLimit, StatisticsOf(inputs, rows));

        var nearest = weights.Select((weight, i) => MathF.Round(weight / quantized.Scales[i % Columns]) * quantized.Scales[i % Columns]).ToArray();
        var ours = weights.Select((_, i) => quantized.Values[i] * quantized.Scales[i % Columns]).ToArray();
        var shift = bias.Zip(dense.Bias, (before, after) => after - before).ToArray();
        var (byNearest, byFeedback) = (Error(inputs, weights, nearest, [], rows), Error(inputs, weights, ours, shift, rows));
        Assert.True(byFeedback < 0.6 * byNearest, $"{byFeedback} of {byNearest}");
        Assert.All(quantized.Values, value => Assert.InRange(value, (sbyte)-WeightSums.LargestWeight, (sbyte)WeightSums.LargestWeight));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(1024)]
    [InlineData(1200)] // blocks of 300: windows that two of them have a part of
    [InlineData(388)] // blocks of 194, and a window that is not whole
    [InlineData(389)] // blocks of one
    public void Sums_that_are_added_in_16_bits_keep_to_their_limit(int rows)
    {
        foreach (var weights in new Func<int, float>[] { i => RandomWeight(i), _ => 1f, i => i / Columns % 3 == 0 ? -1f : 0.9f })
        {
            var dense = new DenseWeights(rows, Columns, [.. Enumerable.Range(0, rows * Columns).Select(weights)], new float[Columns]);
            var quantized = QuantizedWeights.From(dense, WeightSums.In16Bits, StatisticsOf(DependentInputs(rows), rows));

            var sums = new Dictionary<(int Column, int Window, int Group, bool IsUp), int>();
            for (var i = 0; i < quantized.Values.Length; i++)
            {
                var (row, column) = Math.DivRem(i, Columns);
                var sum = (column, row / WeightSums.Window, WeightSums.GroupOf(row), quantized.Values[i] > 0);
                sums[sum] = sums.GetValueOrDefault(sum) + Math.Abs(quantized.Values[i]);
            }

            Assert.InRange(sums.Values.Max(), WeightSums.In16Bits / 4, WeightSums.In16Bits);
        }
    }

    [Fact]
    public void Independent_inputs_without_a_mean_are_rounded_to_the_nearest()
    {
        const int rows = 16;
        var dense = RandomProduct(rows, hasBias: false);
        var identity = new float[rows * rows];
        for (var i = 0; i < rows; i++)
            identity[(i * rows) + i] = 1;

        var quantized = QuantizedWeights.From(dense, WeightSums.In32Bits, new InputStatistics(new float[rows], new float[rows], new float[rows], identity, tokens: 1));

        Assert.Equal(dense.Weights.Select((weight, i) => (sbyte)MathF.Round(weight / quantized.Scales[i % Columns])), quantized.Values);
    }

    [Fact]
    public void Columns_of_zeros_and_inputs_that_never_were_stay_finite()
    {
        var dense = new DenseWeights(8, Columns, new float[8 * Columns], new float[Columns]);

        var quantized = QuantizedWeights.From(dense, WeightSums.In32Bits, new InputStatistics(new float[8], new float[8], new float[8], new float[64], tokens: 1));

        Assert.All(quantized.Values, value => Assert.Equal(0, value));
        Assert.All(dense.Bias.Concat(quantized.Scales), value => Assert.True(float.IsFinite(value)));
    }

    /// <summary>[tokens, rows]: a few causes, seen in every component, and a mean.</summary>
    private static float[] DependentInputs(int rows)
    {
        const int causes = 6;
        var random = new Random(3);
        var mixture = Enumerable.Range(0, causes * rows).Select(_ => random.NextSingle() - 0.5f).ToArray();
        var inputs = new float[Tokens * rows];
        for (var token = 0; token < Tokens; token++)
        {
            var strengths = Enumerable.Range(0, causes).Select(_ => random.NextSingle() - 0.5f).ToArray();
            for (var row = 0; row < rows; row++)
                inputs[(token * rows) + row] = 0.2f + (0.1f * (random.NextSingle() - 0.5f)) + strengths.Select((strength, cause) => strength * mixture[(cause * rows) + row]).Sum();
        }

        return inputs;
    }

    private static DenseWeights RandomProduct(int rows, bool hasBias)
    {
        var random = new Random(4);
        return new DenseWeights(rows, Columns, [.. Enumerable.Range(0, rows * Columns).Select(_ => random.NextSingle() - 0.5f)], hasBias ? new float[Columns] : []);
    }

    /// <summary>Many small ones and few large, as trained weights are.</summary>
    private static float RandomWeight(int seed)
    {
        var random = new Random(seed);
        return MathF.Pow(random.NextSingle() - 0.5f, 3);
    }

    private static InputStatistics StatisticsOf(float[] inputs, int rows)
    {
        var block = InputStatistics.BlockOf(rows);
        var (sums, products) = (new float[rows], new float[rows * block]);
        for (var token = 0; token < Tokens; token++)
        {
            var row = inputs.AsSpan(token * rows, rows);
            for (var i = 0; i < rows; i++)
            {
                sums[i] += row[i];
                for (var j = 0; j < block; j++)
                    products[(i * block) + j] += row[i] * row[(i / block * block) + j];
            }
        }

        return new InputStatistics(new float[rows], new float[rows], sums, products, Tokens);
    }

    /// <summary>Mean square of what the outputs are off by.</summary>
    private static double Error(float[] inputs, float[] weights, float[] rounded, float[] shift, int rows)
    {
        var sum = 0d;
        for (var token = 0; token < Tokens; token++)
        {
            for (var column = 0; column < Columns; column++)
            {
                var error = shift.Length == 0 ? 0d : shift[column];
                for (var row = 0; row < rows; row++)
                    error += inputs[(token * rows) + row] * (rounded[(row * Columns) + column] - weights[(row * Columns) + column]);
                sum += error * error;
            }
        }

        return sum / (Tokens * Columns);
    }
}
