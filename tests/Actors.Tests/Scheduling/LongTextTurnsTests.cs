using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Inference;

namespace ActorEmbed.Actors.Tests.Scheduling;

public sealed class LongTextTurnsTests
{
    private const int Full = 1024;
    private const int MaxTokens = 8192;

    // A text of 8,192 tokens costs as much as forty full batches.
    private static readonly int LongCost = TextWeight.CostOf(MaxTokens);

    [Fact]
    public void Attention_counts_with_the_square_of_the_length_of_texts_that_are_not_short()
    {
        Assert.Equal([1, 512, 1024 + 384, 8192 + 32_640], new[] { 1, 512, 1024, 8192 }.Select(TextWeight.CostOf));
        Assert.True(TextWeight.CostOf(int.MaxValue) > 0);
    }

    [Fact]
    public void A_long_text_has_its_turn_at_once_where_nothing_else_waits()
    {
        var queue = new RequestQueue(new BatchLimits(new SchedulingOptions()));
        queue.TryAdd(Long(1, 2));
        queue.TryAdd(Long(2, 1));

        Assert.Equal([1, 1, 1], Enumerable.Range(0, 3).Select(_ => queue.CutBatch(Full)!.ItemCount));
        Assert.Null(queue.CutBatch(Full));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Who_sends_long_texts_gets_as_much_as_who_sends_short_ones(int longClients)
    {
        var queue = new RequestQueue(new BatchLimits(new SchedulingOptions { MaxQueuedTexts = 1_000_000 }));
        for (var client = 1; client <= longClients; client++)
            queue.TryAdd(Long(client, 20));
        queue.TryAdd(Requests.Of(0, "short", 200_000));

        var (shortCost, longCost) = CutFor(queue, batches: 400);

        Assert.InRange(longCost / (double)longClients, shortCost - LongCost, shortCost + LongCost);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Single_texts_without_end_get_as_much_as_long_ones_beside_them(int longClients)
    {
        var queue = new RequestQueue(new BatchLimits(new SchedulingOptions()));
        for (var client = 1; client <= longClients; client++)
            queue.TryAdd(Long(client, 20));
        for (var id = 0; id < 64; id++)
            queue.TryAdd(Requests.Of(1000 + id, $"single {id}"));
        var next = 2000L;

        var (shortCost, longCost) = CutFor(queue, batches: 2000, afterEach: batch =>
        {
            foreach (var _ in batch.Items.Where(item => item.Request.Id >= 1000))
                queue.TryAdd(Requests.Of(next++, $"single {next}"));
        });

        Assert.InRange(longCost / (double)longClients, shortCost - LongCost, shortCost + LongCost);
    }

    [Fact]
    public void A_single_text_waits_for_no_more_than_the_long_one_that_is_being_computed()
    {
        var queue = new RequestQueue(new BatchLimits(new SchedulingOptions()));
        queue.TryAdd(Long(1, 3));
        queue.CutBatch(Full);
        queue.TryAdd(Requests.Of(2, "single"));

        Assert.Equal(["single"], Requests.TextsOf(queue.CutBatch(Full)));
    }

    [Fact]
    public void A_long_text_that_waits_holds_up_nobody_behind_it()
    {
        var queue = new RequestQueue(new BatchLimits(new SchedulingOptions()));
        queue.TryAdd(Long(1, 1));
        queue.TryAdd(Requests.Of(2, "bulk", 64));

        Assert.All(Requests.TextsOf(queue.CutBatch(Full)), text => Assert.StartsWith("bulk", text, StringComparison.Ordinal));
        Assert.Equal(32, queue.CutBatch(Full)!.ItemCount);
        Assert.Equal(1, queue.CutBatch(Full)!.ItemCount);
        Assert.Equal((0, 0L), (queue.Room.Texts, queue.QueuedCost));
    }

    private static (long Short, long Long) CutFor(RequestQueue queue, int batches, Action<Batch>? afterEach = null)
    {
        var (shortCost, longCost) = (0L, 0L);
        for (var i = 0; i < batches; i++)
        {
            var batch = queue.CutBatch(Full)!;
            if (batch.Cost > Full)
                longCost += batch.Cost;
            else
                shortCost += batch.Cost;
            afterEach?.Invoke(batch);
        }

        return (shortCost, longCost);
    }

    /// <summary>Different texts of as many tokens as the model takes.</summary>
    private static QueuedRequest Long(long id, int texts) => new(
        id,
        [.. Enumerable.Range(0, texts).Select(i => EmbeddingInput.FromTokenIds([.. Enumerable.Repeat((int)(id * 100) + i, MaxTokens)]))],
        maxTokensPerText: MaxTokens);
}
