using ActorEmbed.Inference.Encoders;
using ActorEmbed.Inference.Graphs;

namespace ActorEmbed.Inference.Tests.Devices;

public sealed class FixedRunsTests
{
    private readonly FixedRuns _runs = new(longest: 512);

    [Fact]
    public void Every_text_is_in_one_run_whose_shape_holds_it()
    {
        var random = new Random(3);
        for (var round = 0; round < 200; round++)
        {
            int[] lengths = [.. Enumerable.Range(0, random.Next(1, 90)).Select(_ => random.Next(1, 513))];

            var runs = _runs.Cut(lengths).ToList();

            Assert.Equal(Enumerable.Range(0, lengths.Length), runs.SelectMany(run => run.Texts).Order());
            Assert.All(runs, run => Assert.True(run.Texts.Length <= run.Shape.Texts && run.Texts.Max(text => lengths[text]) <= run.Shape.Length));
            Assert.True(runs.Select(run => run.Shape).Distinct().Count() <= 6);
        }
    }

    [Theory]
    [InlineData(1, 1, "1x32")]
    [InlineData(32, 1, "1x32")]
    [InlineData(33, 1, "1x128")]
    [InlineData(129, 1, "1x512")]
    [InlineData(20, 16, "1x32 *16")]
    [InlineData(20, 17, "32x32")]
    [InlineData(20, 33, "32x32, 1x32")]
    [InlineData(100, 5, "8x128")]
    [InlineData(100, 4, "1x128 *4")]
    [InlineData(500, 3, "2x512, 1x512")]
    public void A_run_is_shared_where_it_is_more_than_half_full(int tokens, int texts, string expected)
    {
        var shapes = _runs.Cut([.. Enumerable.Repeat(tokens, texts)]).GroupBy(run => run.Shape)
            .Select(group => group.Count() == 1 ? $"{group.Key}" : $"{group.Key} *{group.Count()}");

        Assert.Equal(expected, string.Join(", ", shapes));
    }

    [Theory]
    [InlineData(256, 256)]
    [InlineData(8192, 512)]
    [InlineData(20, 20)]
    public void The_longest_shape_is_what_the_model_takes_and_no_more_than_512(int longest, int expected)
    {
        var runs = new FixedRuns(longest);

        Assert.Equal((expected, new FixedShape(1, expected)), (runs.Longest, runs.ShapeOf(expected)));
    }
}
