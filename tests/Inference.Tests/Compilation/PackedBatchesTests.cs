using ActorEmbed.Inference.Encoders;
using ActorEmbed.Inference.Graphs;

namespace ActorEmbed.Inference.Tests.Compilation;

public sealed class PackedBatchesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public void Every_text_is_in_exactly_one_run(int cores)
    {
        var lengths = Lengths(100);

        var runs = Cut(lengths, cores);

        Assert.Equal(Enumerable.Range(0, lengths.Length), runs.SelectMany(run => run).Order());
    }

    [Fact]
    public void A_run_has_about_as_many_tokens_as_stay_in_the_cache()
    {
        var lengths = Lengths(500);

        var runs = Cut(lengths, cores: 2);

        Assert.All(runs, run => Assert.InRange(run.Sum(i => lengths[i]), 1, PackedBatches.MaxTokens + 64));
    }

    [Fact]
    public void Like_lengths_go_together()
    {
        var lengths = Lengths(100);

        var runs = Cut(lengths, cores: 2);

        for (var i = 1; i < runs.Count; i++)
            Assert.True(runs[i].Max(text => lengths[text]) <= runs[i - 1].Min(text => lengths[text]));
    }

    [Fact]
    public void A_middling_batch_is_cut_so_that_every_core_has_its_share()
    {
        var lengths = Enumerable.Repeat(16, 20).ToArray();

        Assert.Equal([10, 10], Cut(lengths, cores: 2).Select(run => run.Length));
    }

    [Fact]
    public void A_few_short_texts_are_one_run()
    {
        Assert.Single(Cut([8, 9, 10], cores: 4));
        Assert.Empty(Cut([], cores: 4));
    }

    [Fact]
    public void A_long_text_has_a_run_of_its_own()
    {
        int[] lengths = [100, 20, 17, 16, 16, 3];

        Assert.Equal([1, 1, 1, 3], PackedBatches.Cut(lengths, cores: 1, longerThan: 16).Select(run => run.Length));
    }

    private static List<int[]> Cut(int[] lengths, int cores) => PackedBatches.Cut(lengths, cores, LongTexts.Usual.LongerThan);

    private static int[] Lengths(int texts)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, texts).Select(_ => random.Next(2, 129))];
    }
}
