using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Graphs.Pieces;
using DataType = ActorEmbed.Inference.Graphs.Onnx.TensorProto.Types.DataType;

namespace ActorEmbed.Inference.Tests.Operators;

/// <summary>The operator beside two loops, to the last bit: its sums are whole numbers.</summary>
public sealed class MultiplyBytesTests
{
    // Tokens, rows and columns: less than a tile, whole tiles, and what is left over on every side.
    public static TheoryData<int, int, int> Shapes => new()
    {
        { 0, 8, 16 }, { 1, 1, 1 }, { 1, 8, 16 }, { 2, 7, 15 }, { 3, 9, 17 }, { 4, 33, 33 }, { 5, 384, 48 }, { 9, 312, 40 }, { 18, 768, 2304 }, { 131, 61, 130 },
    };

    [Avx2Theory]
    [MemberData(nameof(Shapes))]
    public void A_product_is_that_of_whole_numbers(int tokens, int rows, int columns)
    {
        var random = new Random(rows);
        byte[] bytes = [.. Enumerable.Range(0, tokens * rows).Select(_ => (byte)random.Next(256))];
        var weights = new QuantizedWeights(DrawWeights(random, rows, columns), Draw(random, columns), WeightSums.In16Bits);

        AssertIsExact(bytes, tokens, weights, zeroPoint: 128);
        AssertIsExact(bytes, tokens, weights, zeroPoint: 32);
    }

    [Avx2Theory]
    [InlineData(127, 1, 0, 0)]
    [InlineData(64, 64, 0, 0)]
    [InlineData(32, 32, 32, 32)]
    [InlineData(0, 1, 0, 127)]
    public void The_largest_sums_are_not_cut(int first, int second, int third, int fourth)
    {
        const int rows = 24, columns = 16;
        int[] group = [first, second, third, fourth];
        var values = new sbyte[rows * columns];
        for (var row = 0; row < rows; row++)
        {
            // The rows of a group are those of both halves of a window that stand in the same half of it.
            var place = (row % 2) + (row % WeightSums.Window / 4 * 2);
            for (var column = 0; column < columns; column++)
                values[(row * columns) + column] = (sbyte)(column % 2 == 0 ? group[place] : -group[place]);
        }

        byte[] bytes = [.. Enumerable.Repeat(byte.MaxValue, rows), .. Enumerable.Repeat((byte)0, rows)];
        var scales = Enumerable.Repeat(1f, columns).ToArray();
        AssertIsExact(bytes, 2, new QuantizedWeights(values, scales, WeightSums.In16Bits), zeroPoint: 128);
    }

    private static void AssertIsExact(byte[] bytes, int tokens, QuantizedWeights weights, byte zeroPoint)
    {
        var columns = weights.Scales.Length;
        var rows = weights.Values.Length / columns;
        var expected = new float[tokens * columns];
        for (var i = 0; i < expected.Length; i++)
        {
            var (token, column) = Math.DivRem(i, columns);
            var sum = 0;
            for (var row = 0; row < rows; row++)
                sum += (bytes[(token * rows) + row] - zeroPoint) * weights.Values[(row * columns) + column];
            expected[i] = sum * weights.Scales[column];
        }

        foreach (var threads in new[] { 1, 3 })
        {
            var run = new OperatorRun();
            var floats = run.Floats([.. bytes.Select(value => (float)value)], tokens, rows);
            var quantized = run.Graph.Node(OnnxGraph.StandardDomain, "Cast", [floats], [OnnxGraph.Attribute("to", (long)DataType.Uint8)]);
            run.Output(QuantizedMultiply.MultiplyByPanels(run.Graph, new QuantizedTokens(quantized, Scales: "", zeroPoint), weights));
            Assert.Equal(expected, run.Run(threads)[0]);
        }
    }

    /// <summary>Any that keep to their sums.</summary>
    private static sbyte[] DrawWeights(Random random, int rows, int columns)
    {
        var values = new sbyte[rows * columns];
        for (var column = 0; column < columns; column++)
        {
            var (up, down) = (new int[WeightSums.Groups], new int[WeightSums.Groups]);
            for (var row = 0; row < rows; row++)
            {
                if (row % WeightSums.Window == 0)
                {
                    Array.Fill(up, WeightSums.In16Bits);
                    Array.Fill(down, WeightSums.In16Bits);
                }

                var group = WeightSums.GroupOf(row);
                var value = random.Next(-Math.Min(down[group], WeightSums.LargestWeight), Math.Min(up[group], WeightSums.LargestWeight) + 1);
                up[group] -= Math.Max(value, 0);
                down[group] += Math.Min(value, 0);
                values[(row * columns) + column] = (sbyte)value;
            }
        }

        return values;
    }

    private static float[] Draw(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
}
