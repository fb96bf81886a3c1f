using ActorEmbed.Inference.Encoders;

namespace ActorEmbed.Inference.Tests.Encoders;

public sealed class MicroBatchesTests
{
    [Fact]
    public void Every_text_is_in_exactly_one_run()
    {
        var random = new Random(1);
        var lengths = Enumerable.Range(0, 100).Select(_ => random.Next(1, 200)).ToArray();

        var runs = MicroBatches.Cut(lengths, maxPaddedTokens: 256);

        Assert.Equal(Enumerable.Range(0, 100), runs.SelectMany(r => r).Order());
    }

    [Fact]
    public void Like_lengths_run_together_within_the_budget()
    {
        var runs = MicroBatches.Cut([4, 100, 3, 90, 4], maxPaddedTokens: 200);

        Assert.Equal([[1, 3], [0, 2, 4]], runs.Select(r => r.Order().ToArray()));
    }

    [Fact]
    public void A_text_over_the_budget_runs_alone() =>
        Assert.Equal(3, MicroBatches.Cut([300, 301, 302], maxPaddedTokens: 256).Count);

    [Fact]
    public void No_texts_need_no_run() => Assert.Empty(MicroBatches.Cut([]));
}
