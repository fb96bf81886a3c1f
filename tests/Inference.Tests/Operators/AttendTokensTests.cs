using ActorEmbed.Inference.Graphs;
using ActorEmbed.Inference.Graphs.Pieces;

namespace ActorEmbed.Inference.Tests.Operators;

public sealed class AttendTokensTests
{
    private const float Tolerance = 2e-5f;

    public static TheoryData<int[], int, int, int, int?, int?> Cases => new()
    {
        { [1], 1, 1, 8, null, null },
        { [20, 3, 7], 4, 4, 32, null, null },
        { [5, 30], 2, 2, 5, null, null },
        { [25, 9], 4, 2, 24, null, 0 },
        { [40, 2], 2, 2, 16, 3, 3 },
        // More tokens than are taken together.
        { [600, 10], 2, 1, 16, null, null },
        { [600], 2, 2, 16, null, 0 },
        { [700, 257], 1, 1, 8, 100, 100 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Each_token_gets_the_mean_of_the_values_that_it_sees(int[] lengths, int heads, int keyValueHeads, int headSize, int? back, int? ahead)
    {
        var reach = new AttentionReach(back, ahead);
        var tokens = lengths.Sum();
        var (queries, keys, values) = (Draw(tokens * heads * headSize, 1), Draw(tokens * keyValueHeads * headSize, 2), Draw(tokens * keyValueHeads * headSize, 3));
        var expected = Reference(queries, keys, values, lengths, heads, keyValueHeads, headSize, reach);

        foreach (var threads in new[] { 1, 2 })
        {
            var run = new OperatorRun();
            run.Output(FusedAttention.Write(
                run.Graph, run.Floats(queries, tokens, heads * headSize), run.Floats(keys, tokens, keyValueHeads * headSize),
                run.Floats(values, tokens, keyValueHeads * headSize), run.Integers(Starts(lengths)), (heads, keyValueHeads), headSize, reach));

            Assert.Equal(expected, run.Run(threads)[0], (a, b) => Math.Abs(a - b) < Tolerance);
        }
    }

    [Theory]
    [InlineData(2, 2, 16)]
    [InlineData(4, 2, 5)]
    public void What_stands_side_by_side_is_scaled_and_has_its_bias_added_first(int heads, int keyValueHeads, int headSize)
    {
        int[] lengths = [11, 26];
        var tokens = lengths.Sum();
        var (wide, narrow) = (heads * headSize, keyValueHeads * headSize);
        var columns = wide + (2 * narrow);
        var (joined, scales, bias) = (Draw(tokens * columns, 4), Draw(tokens, 5), Draw(columns, 6));
        float[] scaled = [.. joined.Select((value, i) => (value * scales[i / columns]) + bias[i % columns])];
        float[] Part(int start, int width) => [.. scaled.Where((_, i) => i % columns >= start && i % columns < start + width)];
        var expected = Reference(
            Part(0, wide), Part(wide, narrow), Part(wide + narrow, narrow), lengths, heads, keyValueHeads, headSize, AttentionReach.Everything);

        var run = new OperatorRun();
        run.Output(FusedAttention.Write(
            run.Graph, run.Floats(joined, tokens, columns), "", "", run.Integers(Starts(lengths)), (heads, keyValueHeads), headSize,
            AttentionReach.Everything, run.Floats(scales, tokens, 1), run.Graph.Floats(bias, columns)));

        Assert.Equal(expected, run.Run(threads: 1)[0], (a, b) => Math.Abs(a - b) < Tolerance);
    }

    [Fact]
    public void A_text_has_the_same_bits_whatever_stands_beside_it_and_whatever_that_is()
    {
        const int width = 3 * 2 * 16;
        var joined = Draw(330 * width, 7);
        var alone = Attend(joined[..(300 * width)], [300]);
        // The second text is no numbers at all.
        joined.AsSpan(300 * width).Fill(float.NaN);

        var beside = Attend(joined, [300, 30]);

        Assert.Equal(alone, beside[..alone.Length]);
        Assert.All(beside[alone.Length..], value => Assert.True(float.IsNaN(value)));
    }

    [Fact]
    public void Scores_far_apart_give_all_to_the_greatest()
    {
        // Of two tokens with one head of one component: queries, keys and values side by side.
        var context = AttendOne([1000f, 100f, 1f, 1000f, -100f, 2f], [2]);

        Assert.Equal([1f, 1f], context);
    }

    private static float[] Attend(float[] joined, int[] lengths) => Attend(joined, lengths, heads: 2, headSize: 16, threads: 2);

    private static float[] AttendOne(float[] joined, int[] lengths) => Attend(joined, lengths, heads: 1, headSize: 1, threads: 1);

    private static float[] Attend(float[] joined, int[] lengths, int heads, int headSize, int threads)
    {
        var run = new OperatorRun();
        run.Output(FusedAttention.Write(
            run.Graph, run.Floats(joined, lengths.Sum(), 3 * heads * headSize), "", "", run.Integers(Starts(lengths)), (heads, heads), headSize,
            AttentionReach.Everything));
        return run.Run(threads)[0];
    }

    private static int[] Starts(int[] lengths) => [0, .. lengths.Select((_, i) => lengths.Take(i + 1).Sum())];

    private static float[] Reference(
        float[] queries, float[] keys, float[] values, int[] lengths, int heads, int keyValueHeads, int headSize, AttentionReach reach)
    {
        var context = new float[queries.Length];
        var (wide, narrow) = (heads * headSize, keyValueHeads * headSize);
        for (int text = 0, start = 0; text < lengths.Length; start += lengths[text], text++)
        {
            for (var query = start; query < start + lengths[text]; query++)
            {
                for (var head = 0; head < heads; head++)
                {
                    var column = head / (heads / keyValueHeads) * headSize;
                    int[] seen = [.. Enumerable.Range(start, lengths[text]).Where(key => query - key <= (reach.Back ?? int.MaxValue) && key - query <= (reach.Ahead ?? int.MaxValue))];
                    double[] scores = [.. seen.Select(key => Enumerable.Range(0, headSize)
                        .Sum(i => (double)queries[(query * wide) + (head * headSize) + i] * keys[(key * narrow) + column + i]))];
                    double[] shares = [.. scores.Select(score => Math.Exp(score - scores.Max()))];
                    for (var i = 0; i < headSize; i++)
                        context[(query * wide) + (head * headSize) + i] = (float)(seen.Select((key, k) => shares[k] * values[(key * narrow) + column + i]).Sum() / shares.Sum());
                }
            }
        }

        return context;
    }

    private static float[] Draw(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => ((float)random.NextDouble() - 0.5f) * 2)];
    }
}
