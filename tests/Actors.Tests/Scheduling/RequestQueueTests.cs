using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Inference;

namespace ActorEmbed.Actors.Tests.Scheduling;

public sealed class RequestQueueTests
{
    private const int Full = 1024;

    [Fact]
    public void A_prompt_weighs_with_each_text_up_to_where_the_model_truncates_and_never_with_token_ids()
    {
        EmbeddingInput[] texts = ["short", new string('x', 400), EmbeddingInput.FromTokenIds([1, 2, 3])];

        var bare = new QueuedRequest(1, texts, maxTokensPerText: 100);
        var prompted = new QueuedRequest(2, texts, maxTokensPerText: 100, prompt: PromptChoice.Query, tokensBeside: TextWeight.OfPrompt("an instruction of 40 bytes in all, here: "));

        Assert.Equal([3, 100, 5], Enumerable.Range(0, 3).Select(bare.TokensAt));
        Assert.Equal([3 + 10, 100, 5], Enumerable.Range(0, 3).Select(prompted.TokensAt));
        Assert.Equal(118, prompted.UnsentTokens);
    }

    [Fact]
    public void Small_requests_and_big_ones_take_turns()
    {
        var queue = new RequestQueue(new BatchLimits(new SchedulingOptions()));
        queue.TryAdd(Requests.Of(0, "bulk", 100));
        for (var i = 1; i <= 40; i++)
            queue.TryAdd(Requests.Of(i, $"single {i}", 1));

        var kinds = Enumerable.Range(0, 4).Select(_ => Requests.TextsOf(queue.CutBatch(Full)).Select(t => t[..4]).Distinct().ToArray());

        Assert.Equal([["sing"], ["bulk"], ["sing"], ["bulk"]], kinds);
    }

    [Fact]
    public void Small_requests_are_served_in_order_of_arrival()
    {
        var queue = new RequestQueue(new BatchLimits(new SchedulingOptions { MaxTextsPerBatch = 8 }));
        string[] names = ["first", "second", "third"];
        for (var i = 0; i < names.Length; i++)
            queue.TryAdd(Requests.Of(i, names[i]));

        Assert.Equal(names, Requests.TextsOf(queue.CutBatch(Full)));
    }

    [Fact]
    public void Big_requests_of_equal_size_progress_alike()
    {
        var queue = new RequestQueue(new BatchLimits(new SchedulingOptions()));
        var requests = Enumerable.Range(0, 4).Select(i => Requests.Of(i, $"bulk{i}", 320)).ToArray();
        foreach (var request in requests)
            queue.TryAdd(request);

        for (var turn = 1; turn <= 40; turn++)
        {
            queue.CutBatch(Full);
            Assert.InRange(requests.Max(r => r.UnsentTexts) - requests.Min(r => r.UnsentTexts), 0, 32);
        }

        Assert.Equal(0, queue.Room.Texts);
    }

    [Fact]
    public void A_batch_that_one_big_request_does_not_fill_takes_from_the_next()
    {
        var queue = new RequestQueue(new BatchLimits(new SchedulingOptions()));
        queue.TryAdd(Requests.Of(0, "one", 20));
        queue.TryAdd(Requests.Of(1, "two", 20));

        var texts = Requests.TextsOf(queue.CutBatch(Full));

        Assert.Equal((20, 12), (texts.Count(t => t.StartsWith("one", StringComparison.Ordinal)), texts.Count(t => t.StartsWith("two", StringComparison.Ordinal))));
    }

    [Fact]
    public void Batches_of_big_requests_can_be_kept_short_but_never_shorter_than_the_small_ones_between()
    {
        var queue = new RequestQueue(new BatchLimits(new SchedulingOptions()));
        queue.TryAdd(Requests.Of(0, "bulk", 100));
        Assert.InRange(queue.CutBatch(bigTokens: 16)!.Tokens, 12, 16);

        for (var i = 1; i <= 10; i++)
            queue.TryAdd(Requests.Of(i, $"single {i}", 1));
        var small = queue.CutBatch(bigTokens: 16)!;
        var big = queue.CutBatch(bigTokens: 16)!;

        Assert.InRange(big.Tokens, small.Tokens - 4, small.Tokens);
    }

    [Fact]
    public void Texts_of_a_failed_batch_run_alone_and_do_not_hold_up_the_others()
    {
        var queue = new RequestQueue(new BatchLimits(new SchedulingOptions()));
        var failed = Requests.Of(0, "failed", 3);
        queue.TryAdd(failed);
        var batch = queue.CutBatch(Full)!;
        for (var place = 0; place < batch.DistinctCount; place++)
            queue.AddAlone(batch.WaitingAt(place));
        queue.TryAdd(Requests.Of(1, "other", 100));

        var sizes = Enumerable.Range(0, 7).Select(_ => queue.CutBatch(Full)?.ItemCount).ToArray();

        Assert.Equal([32, 1, 32, 1, 32, 1, 4], sizes);
    }

    [Fact]
    public void Texts_of_a_failed_batch_that_nobody_waits_for_any_more_are_not_queued_again()
    {
        var queue = new RequestQueue(new BatchLimits(new SchedulingOptions()));
        var failed = Requests.Of(0, "failed", 3);
        queue.TryAdd(failed);
        var batch = queue.CutBatch(Full)!;
        failed.IsAnswered = true;
        queue.AddAlone(batch.WaitingAt(0));

        Assert.Equal(0, queue.Room.Texts);
        Assert.Null(queue.CutBatch(Full));
    }

    [Fact]
    public void Removing_a_request_gives_back_all_its_room()
    {
        var queue = new RequestQueue(new BatchLimits(new SchedulingOptions()));
        var request = Requests.Of(0, "bulk", 100);
        queue.TryAdd(request);
        queue.CutBatch(Full);
        Assert.NotEqual(0, queue.Room.Bytes);

        queue.Remove(request);

        Assert.Equal((0, 0L, 0L, 0), (queue.Room.Texts, queue.Room.Bytes, queue.QueuedCost, queue.QueuedRequests));
        Assert.Null(queue.CutBatch(Full));
    }

    [Fact]
    public void A_request_that_only_filled_a_batch_up_has_not_had_its_turn()
    {
        var queue = new RequestQueue(new BatchLimits(new SchedulingOptions()));
        queue.TryAdd(Requests.Of(0, "first", 31));
        queue.TryAdd(Requests.Of(1, "filler", 100));
        queue.TryAdd(Requests.Of(2, "third", 100));
        queue.CutBatch(Full);

        Assert.All(Requests.TextsOf(queue.CutBatch(Full)), text => Assert.StartsWith("filler", text, StringComparison.Ordinal));
    }

    [Fact]
    public void Memory_counts_until_the_answer()
    {
        var queue = new RequestQueue(new BatchLimits(new SchedulingOptions()));
        var request = Requests.Of(0, new string('x', 1000), "tiny");
        queue.TryAdd(request);
        queue.CutBatch(Full);

        Assert.Equal((0, 2008L), (queue.Room.Texts, queue.Room.Bytes));
        queue.Remove(request);
        Assert.Equal(0, queue.Room.Bytes);
    }

    [Fact]
    public void A_small_request_waits_for_the_batches_of_those_before_it()
    {
        var queue = new RequestQueue(new BatchLimits(new SchedulingOptions()));
        for (var i = 0; i < 320; i++)
            queue.TryAdd(Requests.Of(i, $"single {i}", 1));

        Assert.InRange(queue.BatchesUntilDone(Requests.Of(1000, "late", 1)), 10, 11);
        Assert.InRange(queue.BatchesUntilDone(Requests.Of(1001, "bulk", 64)), 2, 2);
    }
}
