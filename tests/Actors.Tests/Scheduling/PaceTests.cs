using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Inference;

namespace ActorEmbed.Actors.Tests.Scheduling;

public sealed class PaceTests
{
    // A model of 4 ms a batch and half a millisecond a token.
    private const double FixedSeconds = 0.004;
    private const double SecondsPerToken = 0.0005;

    [Fact]
    public void The_cost_of_a_batch_is_learned_from_batches_of_different_sizes()
    {
        var cost = new BatchCost();
        var random = new Random(1);
        for (var i = 0; i < 200; i++)
            Measure(cost, random.Next(10, 1000));

        Assert.Equal(FixedSeconds, cost.FixedSeconds, 4);
        Assert.Equal(SecondsPerToken, cost.SecondsPerToken, 6);
        Assert.Equal(64, cost.TokensWithin(FixedSeconds + (64 * SecondsPerToken)), 1);
    }

    [Fact]
    public void Batches_of_one_size_tell_the_rate_alone()
    {
        var cost = new BatchCost();
        for (var i = 0; i < 50; i++)
            Measure(cost, 500);

        Assert.Equal(0, cost.FixedSeconds);
        Assert.Equal((FixedSeconds + (500 * SecondsPerToken)) / 500, cost.SecondsPerToken, 6);
    }

    [Fact]
    public void A_change_of_speed_is_followed()
    {
        var cost = new BatchCost();
        for (var i = 0; i < 100; i++)
            cost.Add(500, TimeSpan.FromSeconds(1));
        for (var i = 0; i < 100; i++)
            cost.Add(500, TimeSpan.FromSeconds(2));

        Assert.InRange(cost.SecondsFor(500), 1.9, 2.1);
    }

    [Fact]
    public void Big_batches_are_short_only_while_small_requests_come_in()
    {
        var pace = KnownPace();

        Assert.Equal(1024, pace.TokensOfBigBatch(TimeSpan.Zero));
        pace.NoteSmall(TimeSpan.FromSeconds(100), tokens: 20);
        // A lone text takes 14 ms; twice that is 4 ms and 48 tokens.
        Assert.InRange(pace.TokensOfBigBatch(TimeSpan.FromSeconds(101)), 48, 52);
        Assert.Equal(1024, pace.TokensOfBigBatch(TimeSpan.FromSeconds(120)));
    }

    [Fact]
    public void All_batches_are_short_while_small_requests_come_in_for_another_model_on_the_thread()
    {
        var thread = new InferenceThread();
        var other = KnownPace(thread.Join(() => { }));
        var pace = KnownPace(thread.Join(() => { }));

        pace.NoteSmall(TimeSpan.FromSeconds(90), tokens: 20);
        Assert.Equal(1024, pace.TokensOfSmallBatch(TimeSpan.FromSeconds(91)));
        other.NoteSmall(TimeSpan.FromSeconds(105), tokens: 40);
        // A lone text of 40 tokens takes 24 ms; twice that is 4 ms and 88 tokens.
        Assert.InRange(pace.TokensOfBigBatch(TimeSpan.FromSeconds(106)), 84, 92);
        Assert.InRange(pace.TokensOfSmallBatch(TimeSpan.FromSeconds(106)), 84, 92);
        Assert.Equal(1024, pace.TokensOfBigBatch(TimeSpan.FromSeconds(120)));
    }

    [Fact]
    public void Beside_small_requests_of_a_model_that_is_much_faster_a_batch_is_a_single_text()
    {
        var thread = new InferenceThread();
        var faster = thread.Join(() => { });
        var pace = KnownPace(thread.Join(() => { }));

        faster.NoteSmall(TimeSpan.FromSeconds(100), TimeSpan.FromMilliseconds(1));

        Assert.Equal(1, pace.TokensOfBigBatch(TimeSpan.FromSeconds(101)));
    }

    [Fact]
    public void Big_batches_may_be_as_long_as_the_small_requests_that_wait_for_them_allow()
    {
        var pace = KnownPace();

        for (var i = 0; i < 20; i++)
            pace.NoteSmall(TimeSpan.FromSeconds(100), tokens: i == 7 ? 128 : 20);
        var oneIsLong = pace.TokensOfBigBatch(TimeSpan.FromSeconds(101));
        for (var i = 0; i < 20; i++)
            pace.NoteSmall(TimeSpan.FromSeconds(100), tokens: 128);

        Assert.InRange(oneIsLong, 48, 52);
        // 128 tokens take 68 ms; twice that is 4 ms and 264 tokens.
        Assert.InRange(pace.TokensOfBigBatch(TimeSpan.FromSeconds(101)), 260, 268);
        // Forty others later the long ones are forgotten.
        for (var i = 0; i < 40; i++)
            pace.NoteSmall(TimeSpan.FromSeconds(100), tokens: 20);
        Assert.InRange(pace.TokensOfBigBatch(TimeSpan.FromSeconds(101)), 48, 52);
    }

    [Fact]
    public void Retry_after_is_the_time_for_what_is_queued_between_a_second_and_a_minute()
    {
        var unknown = new Pace(new BatchLimits(new SchedulingOptions()));
        var pace = KnownPace();

        Assert.Equal(TimeSpan.FromSeconds(1), unknown.RetryAfter(1_000_000));
        Assert.Equal(TimeSpan.FromSeconds(1), pace.RetryAfter(10));
        Assert.InRange(pace.RetryAfter(10_000).TotalSeconds, 4.5, 5.5);
        Assert.Equal(TimeSpan.FromMinutes(1), pace.RetryAfter(100_000_000));
    }

    [Fact]
    public void Only_what_takes_too_long_even_at_the_best_that_was_seen_is_hopeless()
    {
        var pace = KnownPace();

        // A full batch has 128 tokens in 68 ms: 10,000 tokens take 5.3 s.
        Assert.False(pace.IsHopeless(batches: 1, tokens: 10_000, TimeSpan.FromSeconds(6)));
        Assert.True(pace.IsHopeless(batches: 1, tokens: 10_000, TimeSpan.FromSeconds(5)));
        // No batch came back in less than 6 ms.
        Assert.False(pace.IsHopeless(batches: 1000, tokens: 1, TimeSpan.FromSeconds(9)));
        Assert.True(pace.IsHopeless(batches: 1000, tokens: 1, TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public void A_first_short_and_slow_batch_makes_no_bulk_request_hopeless()
    {
        var pace = new Pace(new BatchLimits(new SchedulingOptions()));
        pace.Add(BatchOf(0, texts: 1), TimeSpan.FromSeconds(0.5));

        Assert.False(pace.IsHopeless(batches: 200, tokens: 1_000_000, TimeSpan.FromMinutes(2)));
    }

    [Fact]
    public void A_pause_of_the_machine_is_forgotten_soon()
    {
        var cost = new BatchCost();
        for (var i = 0; i < 100; i++)
            Measure(cost, 100 + (i * 37 % 400));
        cost.Add(500, TimeSpan.FromHours(1));

        Assert.InRange(cost.SecondsFor(500), 0.2, 0.6);
    }

    [Fact]
    public void A_batch_that_costs_the_same_whatever_its_size_is_all_fixed_cost()
    {
        var cost = new BatchCost();
        for (var i = 0; i < 100; i++)
            cost.Add(10 + (i % 30 * 30), TimeSpan.FromMilliseconds(1));

        Assert.Equal(0.001, cost.FixedSeconds, 5);
        Assert.True(cost.TokensWithin(0.002) > 100_000);
    }

    [Fact]
    public void A_long_text_has_time_as_it_costs_and_says_nothing_of_short_ones()
    {
        var limits = new BatchLimits(new SchedulingOptions());
        var pace = KnownPace();
        pace.NoteSmall(TimeSpan.FromSeconds(100), tokens: 20);
        var before = pace.TokensOfBigBatch(TimeSpan.FromSeconds(101));
        var longText = LongBatch();

        for (var i = 0; i < 20; i++)
            pace.Add(longText, TimeSpan.FromSeconds(3));

        Assert.Equal(before, pace.TokensOfBigBatch(TimeSpan.FromSeconds(101)));
        Assert.Equal(longText.Cost * limits.Options.BatchTimeout.TotalSeconds / limits.Tokens, limits.TimeoutOf(longText.Cost).TotalSeconds, 3);
        Assert.Equal(limits.Options.BatchTimeout, limits.TimeoutOf(1));
        // Half a millisecond a token, eight times over: longer than the 30 s of a full batch.
        Assert.InRange(pace.PatienceFor(longText, TimeSpan.FromSeconds(1)).TotalSeconds, 100, 200);
    }

    private static Batch LongBatch()
    {
        var queue = new RequestQueue(new BatchLimits(new SchedulingOptions()));
        queue.TryAdd(new QueuedRequest(1, [EmbeddingInput.FromTokenIds(new int[8192])], maxTokensPerText: 8192));
        return queue.CutBatch(1024)!;
    }

    private static Pace KnownPace(InferenceThread.Share? share = null)
    {
        var pace = new Pace(new BatchLimits(new SchedulingOptions()), share);
        for (var i = 0; i < 300; i++)
        {
            var batch = BatchOf(i, texts: 1 + (i % 32));
            pace.Add(batch, TimeSpan.FromSeconds(FixedSeconds + (batch.Tokens * SecondsPerToken)));
        }

        return pace;
    }

    private static Batch BatchOf(long id, int texts)
    {
        var queue = new RequestQueue(new BatchLimits(new SchedulingOptions()));
        queue.TryAdd(Requests.Of(id, "text", texts));
        return queue.CutBatch(1024)!;
    }

    private static void Measure(BatchCost cost, int tokens) =>
        cost.Add(tokens, TimeSpan.FromSeconds(FixedSeconds + (tokens * SecondsPerToken)));
}
