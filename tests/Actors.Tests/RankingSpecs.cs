using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Inference;
using ActorEmbed.Tests.Shared.Models;
using Akka.Actor;

namespace ActorEmbed.Actors.Tests;

/// <summary>Scores of texts against a query: the same queue, batches and failures as those of vectors.</summary>
public sealed class RankingSpecs
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Texts_get_the_scores_of_their_pairs_and_an_order()
    {
        await using var service = await StartAsync();

        var ranked = await RankAsync(service, new RankTexts("red car", ["a boat", "a red car", "red", "the red car"]));

        Assert.Equal(ScriptedModel.RerankerInfo, ranked.Model);
        Assert.Equal([0f, 2f, 1f, 2f], ranked.Logits);
        Assert.Equal([.. ranked.Logits.Select(logit => ScoreActivation.Sigmoid.Apply(logit))], ranked.Scores);
        Assert.Equal([1, 3, 2, 0], ranked.BestFirst);
        Assert.Equal(ScriptedModel.PairOf("red car", "a boat").Length + 2, ranked.TokenCounts[0]);
        Assert.Empty(ranked.TruncatedTexts);
    }

    [Fact]
    public async Task A_reranker_rejects_what_wants_vectors_and_an_embedder_what_wants_scores_by_name()
    {
        await using var reranker = await StartAsync();
        await using var embedder = await ServiceFixture.StartAsync();

        var vectors = await reranker.Ask("text").ExpectMsgAsync<EmbedRejected>();
        var scores = await embedder.Ask(new RankTexts("query", ["text"])).ExpectMsgAsync<EmbedRejected>();

        Assert.Equal((RejectionReason.WrongKind, RejectionReason.WrongKind), (vectors.Reason, scores.Reason));
        Assert.Contains("tests/scripted-reranker is a reranker", vectors.Message, StringComparison.Ordinal);
        Assert.Contains("tests/scripted is an embedder", scores.Message, StringComparison.Ordinal);
        Assert.Empty(reranker.Model.Batches.Concat(embedder.Model.Batches));
    }

    [Fact]
    public async Task What_waits_for_the_model_is_rejected_when_it_turns_out_to_be_of_the_other_kind()
    {
        using var gate = new ManualResetEventSlim();
        await using var service = await StartAsync(new ScriptedModel { Described = ScriptedModel.RerankerInfo, OnLoad = _ => gate.Wait(ScriptedModel.GateTimeout) });

        var vectors = service.Ask("text");
        var scores = service.Ask(new RankTexts("text", ["text"]));
        Assert.Equal(2, (await service.QueueAsync()).Requests);
        gate.Set();

        Assert.Equal(RejectionReason.WrongKind, (await vectors.ExpectMsgAsync<EmbedRejected>()).Reason);
        Assert.Equal([1f], (await scores.ExpectMsgAsync<TextsRanked>()).Logits);
    }

    [Fact]
    public async Task Pairs_of_several_requests_share_a_batch_and_equal_ones_are_computed_once()
    {
        using var gate = new ManualResetEventSlim();
        var model = new ScriptedModel { Described = ScriptedModel.RerankerInfo, OnBatch = _ => gate.Wait(ScriptedModel.GateTimeout) };
        await using var service = await StartAsync(model);
        await service.LeaveAsync(ServiceState.Loading);
        var busy = service.Ask(new RankTexts("busy", ["busy"]));
        await service.Kit.AwaitAssertAsync(() => Assert.Single(model.Batches));

        var one = service.Ask(new RankTexts("red", ["red", "blue"]));
        var other = service.Ask(new RankTexts("blue", ["red", "blue"]));
        var again = service.Ask(new RankTexts("red", ["blue"]));
        await service.Kit.AwaitAssertAsync(async () => Assert.Equal(5, (await service.StatusAsync()).QueuedTexts));
        gate.Set();

        Assert.Equal([1f, 0f], (await one.ExpectMsgAsync<TextsRanked>()).Logits);
        Assert.Equal([0f, 1f], (await other.ExpectMsgAsync<TextsRanked>()).Logits);
        Assert.Equal([0f], (await again.ExpectMsgAsync<TextsRanked>()).Logits);
        Assert.Equal(["blue -> blue", "blue -> red", "red -> blue", "red -> red"], model.Batches.Last().Order(StringComparer.Ordinal));
        await busy.ExpectMsgAsync<TextsRanked>();
    }

    [Fact]
    public async Task Only_the_pair_that_breaks_the_model_is_rejected()
    {
        var model = new ScriptedModel
        {
            Described = ScriptedModel.RerankerInfo,
            OnBatch = texts => _ = texts.Contains("red -> bad") ? throw new InferenceException("it broke") : 0,
        };
        await using var service = await StartAsync(model);
        await service.LeaveAsync(ServiceState.Loading);

        var culprit = service.Ask(new RankTexts("red", ["red", "bad"]));
        var innocent = service.Ask(new RankTexts("blue", ["bad"]));
        EmbedRejected? rejected = null;
        await service.PassTimeUntilAsync(
            async () => (rejected ??= culprit.HasMessages ? await culprit.ExpectMsgAsync<EmbedRejected>() : null) is not null, TimeSpan.FromMilliseconds(200));
        await service.PassTimeUntilAsync(() => Task.FromResult(innocent.HasMessages), TimeSpan.FromMilliseconds(200));

        Assert.Equal((RejectionReason.TextFailed, 1), (rejected!.Reason, rejected.TextIndex));
        Assert.Equal([0f], (await innocent.ExpectMsgAsync<TextsRanked>()).Logits);
    }

    [Fact]
    public async Task A_pair_that_is_too_long_is_cut_and_says_so_or_is_rejected()
    {
        await using var service = await StartAsync();
        var tooLong = new string('x', ScriptedModel.Info.MaxTokens);

        var cut = await RankAsync(service, new RankTexts("red", ["red", tooLong]));
        var kept = await service.Ask(new RankTexts("red", ["red", tooLong]) { Truncate = false }).ExpectMsgAsync<EmbedRejected>();

        Assert.Equal([1], cut.TruncatedTexts);
        Assert.Equal((RejectionReason.TextTooLong, 1), (kept.Reason, kept.TextIndex));
        Assert.Contains("query and text 1", kept.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_query_or_a_text_that_is_null_is_invalid()
    {
        await using var service = await StartAsync();

        var query = await service.Ask(new RankTexts(null!, ["text"])).ExpectMsgAsync<EmbedRejected>();
        var text = await service.Ask(new RankTexts("query", ["text", null!])).ExpectMsgAsync<EmbedRejected>();
        var list = await service.Ask(new RankTexts("query", null!)).ExpectMsgAsync<EmbedRejected>();

        Assert.All([query, text, list], rejected => Assert.Equal(RejectionReason.InvalidRequest, rejected.Reason));
        Assert.Equal(1, text.TextIndex);
    }

    [Fact]
    public async Task Without_texts_there_is_nothing_to_rank()
    {
        await using var service = await StartAsync();

        Assert.Empty((await RankAsync(service, new RankTexts("query", []))).Logits);
    }

    [Fact]
    public async Task The_pairs_of_a_request_share_their_query_in_the_bounds_of_the_queue()
    {
        using var gate = new ManualResetEventSlim();
        var model = new ScriptedModel { Described = ScriptedModel.RerankerInfo, OnLoad = _ => gate.Wait(ScriptedModel.GateTimeout) };
        await using var service = await StartAsync(model, new SchedulingOptions { MaxQueuedBytes = 3000 });

        var fits = service.Ask(new RankTexts(new string('q', 1000), ["a", "b", "c"]));
        var full = await service.Ask(new RankTexts(new string('q', 1000), ["a"])).ExpectMsgAsync<EmbedRejected>();
        Assert.Equal(2006, (await service.QueueAsync()).Bytes);
        gate.Set();

        Assert.Equal(RejectionReason.Overloaded, full.Reason);
        Assert.Equal(3, (await fits.ExpectMsgAsync<TextsRanked>()).Logits.Count);
        Assert.Equal(0, (await service.QueueAsync()).Bytes);
    }

    [Fact]
    public async Task A_request_whose_caller_has_gone_or_whose_time_is_over_costs_nothing()
    {
        using var gate = new ManualResetEventSlim();
        using var gone = new CancellationTokenSource();
        var model = new ScriptedModel { Described = ScriptedModel.RerankerInfo, OnBatch = _ => gate.Wait(ScriptedModel.GateTimeout) };
        await using var service = await StartAsync(model);
        await service.LeaveAsync(ServiceState.Loading);
        var busy = service.Ask(new RankTexts("busy", ["busy"]));
        await service.Kit.AwaitAssertAsync(() => Assert.Single(model.Batches));

        var cancelled = service.Ask(new RankTexts("red", ["red"]) { Cancellation = gone.Token });
        var late = service.Ask(new RankTexts("red", ["red"]) { Timeout = TimeSpan.FromSeconds(1) });
        await service.Kit.AwaitAssertAsync(async () => Assert.Equal(2, (await service.StatusAsync()).QueuedTexts));
        await gone.CancelAsync();
        Assert.Equal(RejectionReason.Cancelled, (await cancelled.ExpectMsgAsync<EmbedRejected>()).Reason);
        service.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(RejectionReason.DeadlineExceeded, (await late.ExpectMsgAsync<EmbedRejected>()).Reason);
        gate.Set();

        await busy.ExpectMsgAsync<TextsRanked>();
        Assert.Single(model.Batches);
    }

    private static Task<ServiceFixture> StartAsync(ScriptedModel? model = null, SchedulingOptions? options = null) =>
        ServiceFixture.StartAsync(model ?? new ScriptedModel { Described = ScriptedModel.RerankerInfo }, options);

    private static async Task<TextsRanked> RankAsync(ServiceFixture service, RankTexts command) =>
        Assert.IsType<TextsRanked>(await service.Router.Ask<EmbedReply>(command, Patience));
}
