using ActorEmbed.Inference.Graphs.Pieces;
using ActorEmbed.Inference.Operators.Rows;

namespace ActorEmbed.Inference.Tests.Operators;

public sealed class QuantizeTokensTests
{
    public static TheoryData<int, int> Shapes => new() { { 0, 8 }, { 1, 1 }, { 1, 7 }, { 3, 33 }, { 5, 384 }, { 200, 315 } };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_token_becomes_bytes_by_its_own_largest_magnitude(int tokens, int width)
    {
        var values = Draw(tokens * width, seed: 1);
        var factors = Draw(width, seed: 2);

        foreach (var threads in new[] { 1, 2 })
        {
            var (bytes, scales) = Run(values, tokens, width, factors, RowQuantizer.Symmetric, threads);
            for (var token = 0; token < tokens; token++)
            {
                float[] row = [.. values.Skip(token * width).Take(width).Zip(factors, (value, factor) => value * factor)];
                Assert.Equal(Math.Max(row.Max(MathF.Abs), 1e-6f) / 127, scales[token], 1e-6f * scales[token]);
                for (var i = 0; i < width; i++)
                    Assert.InRange((bytes[(token * width) + i] - 128) * scales[token], row[i] - (0.5001f * scales[token]), row[i] + (0.5001f * scales[token]));
            }
        }
    }

    [Fact]
    public void What_GELU_gave_has_more_steps_up_than_down()
    {
        var (bytes, scales) = Run([-0.17f, 0f, 1f, 20f, -0.17f, 0.17f, 0f, 0.085f], 2, 4, factors: null, RowQuantizer.AfterGelu, threads: 1);

        Assert.Equal(20f / 223, scales[0], 1e-6f);
        Assert.Equal([30, 32, 43, 255], bytes[..4]);
        // Where nothing is large, what GELU can give at the least is.
        Assert.Equal(0.17f / 32, scales[1], 1e-6f);
        Assert.Equal([0, 64, 32, 48], bytes[4..]);
    }

    [Fact]
    public void Zeros_and_the_largest_numbers_are_taken_as_they_are()
    {
        var (bytes, scales) = Run([0, 0, 0, float.MaxValue, -float.MaxValue, 0], 2, 3, factors: null, RowQuantizer.Symmetric, threads: 1);

        Assert.Equal([128, 128, 128, 255, 1, 128], bytes);
        Assert.All(scales, scale => Assert.True(float.IsFinite(scale) && scale > 0));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_token_that_is_no_number_stays_none_and_spoils_no_other(float value)
    {
        var values = Draw(3 * 65, seed: 3);
        var (expected, _) = Run(values, 3, 65, factors: null, RowQuantizer.Symmetric, threads: 1);
        values[70] = value;

        var (bytes, scales) = Run(values, 3, 65, factors: null, RowQuantizer.Symmetric, threads: 1);

        Assert.False(float.IsFinite(scales[1]));
        Assert.Equal(expected[..65], bytes[..65]);
        Assert.Equal(expected[130..], bytes[130..]);
    }

    private static (float[] Bytes, float[] Scales) Run(float[] values, int tokens, int width, float[]? factors, RowQuantizer quantizer, int threads)
    {
        var run = new OperatorRun();
        var input = run.Floats(values, tokens, width);
        var quantized = TokenQuantizer.Write(run.Graph, input, factors is null ? null : run.Graph.Floats(factors, width), quantizer);
        run.OutputBytes(quantized.Bytes);
        run.Output(quantized.Scales);
        var results = run.Run(threads);
        return (results[0], results[1]);
    }

    private static float[] Draw(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => ((float)random.NextDouble() - 0.5f) * 20)];
    }
}
