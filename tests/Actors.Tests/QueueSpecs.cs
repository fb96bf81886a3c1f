using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Tests.Shared.Models;
using Akka.Actor;

namespace ActorEmbed.Actors.Tests;

public sealed class QueueSpecs
{
    [Theory]
    [InlineData(4, 1 << 20)]
    // Four of the texts, and what is running.
    [InlineData(1000, (4 * 2 * 1024) + 100)]
    public async Task A_request_that_does_not_fit_is_rejected_at_once_and_the_accepted_ones_are_answered(int maxTexts, long maxBytes)
    {
        using var gate = new ManualResetEventSlim();
        var model = new ScriptedModel { OnBatch = _ => gate.Wait(ScriptedModel.GateTimeout) };
        var options = new SchedulingOptions { MaxQueuedTexts = maxTexts, MaxQueuedBytes = maxBytes };
        await using var service = await ServiceFixture.StartAsync(model, options);
        await service.LeaveAsync(ServiceState.Loading);
        var text = new string('x', 1024);

        var running = service.Ask("running");
        await service.Kit.AwaitAssertAsync(() => Assert.Single(model.Batches));
        var accepted = service.Ask(Enumerable.Range(0, 4).Select(i => text).ToArray());
        var rejected = await service.Ask(text).ExpectMsgAsync<EmbedRejected>();
        gate.Set();

        Assert.Equal(RejectionReason.Overloaded, rejected.Reason);
        Assert.True(rejected.RetryAfter >= TimeSpan.FromSeconds(1));
        await running.ExpectMsgAsync<TextsEmbedded>();
        Assert.Equal(4, (await accepted.ExpectMsgAsync<TextsEmbedded>()).Vectors.Count);
        var status = await service.StatusAsync();
        Assert.Equal((0, 0, 0L), (status.QueuedRequests, status.QueuedTexts, status.QueuedBytes));
    }

    [Fact]
    public async Task A_request_whose_caller_has_gone_costs_no_inference()
    {
        using var gate = new ManualResetEventSlim();
        using var caller = new CancellationTokenSource();
        var model = new ScriptedModel { OnBatch = _ => gate.Wait(ScriptedModel.GateTimeout) };
        await using var service = await ServiceFixture.StartAsync(model);
        await service.LeaveAsync(ServiceState.Loading);

        service.Ask("running");
        await service.Kit.AwaitAssertAsync(() => Assert.Single(model.Batches));
        var gone = service.Ask(new EmbedTexts(["gone 1", "gone 2"]) { Cancellation = caller.Token });
        await service.StatusAsync();
        await caller.CancelAsync();

        Assert.Equal(RejectionReason.Cancelled, (await gone.ExpectMsgAsync<EmbedRejected>()).Reason);
        Assert.Equal(0, (await service.StatusAsync()).QueuedTexts);
        gate.Set();
        Assert.IsType<TextsEmbedded>(await service.EmbedAsync("later"));
        Assert.DoesNotContain(model.Batches, batch => batch.Any(t => t.StartsWith("gone", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_request_that_arrives_before_the_model_is_loaded_waits_for_it()
    {
        using var gate = new ManualResetEventSlim();
        var model = new ScriptedModel { OnLoad = _ => gate.Wait(ScriptedModel.GateTimeout) };
        await using var service = await ServiceFixture.StartAsync(model);

        var caller = service.Ask("early");
        Assert.Equal(ServiceState.Loading, (await service.StatusAsync()).State);
        gate.Set();

        await caller.ExpectMsgAsync<TextsEmbedded>();
        Assert.Equal(ScriptedModel.Info, (await service.StatusAsync()).Model);
    }

    [Fact]
    public async Task A_router_that_is_stopped_answers_everyone_who_still_waits()
    {
        using var gate = new ManualResetEventSlim();
        var model = new ScriptedModel { OnBatch = _ => gate.Wait(ScriptedModel.GateTimeout) };
        await using var service = await ServiceFixture.StartAsync(model);
        await service.LeaveAsync(ServiceState.Loading);

        var running = service.Ask("running");
        var waiting = service.Ask("waiting");
        await service.StatusAsync();
        service.Router.Tell(PoisonPill.Instance);
        gate.Set();

        await running.ExpectMsgAsync<EmbedReply>();
        Assert.Equal(RejectionReason.Stopping, (await waiting.ExpectMsgAsync<EmbedRejected>()).Reason);
    }

    [Fact]
    public async Task Counters_tell_what_was_done()
    {
        await using var service = await ServiceFixture.StartAsync();

        await service.EmbedAsync("one", "two");
        await service.EmbedAsync("three");

        var counters = (await service.StatusAsync()).Counters;
        Assert.Equal((2, 2, 3), (counters.Answered, counters.Batches, counters.Texts));
        Assert.Equal("one".Length + "two".Length + "three".Length + (3 * 2), counters.Tokens);
    }

    [Fact]
    public async Task A_request_that_was_cancelled_before_it_arrived_costs_no_inference()
    {
        await using var service = await ServiceFixture.StartAsync();
        await service.LeaveAsync(ServiceState.Loading);

        var gone = service.Ask(new EmbedTexts(["gone"]) { Cancellation = new CancellationToken(canceled: true) });

        Assert.Equal(RejectionReason.Cancelled, (await gone.ExpectMsgAsync<EmbedRejected>()).Reason);
        await service.EmbedAsync("later");
        Assert.Equal(["later"], service.Model.Batches.SelectMany(b => b));
    }

    [Fact]
    public async Task A_null_list_is_rejected_and_nobody_else_notices()
    {
        using var gate = new ManualResetEventSlim();
        var model = new ScriptedModel { OnBatch = _ => gate.Wait(ScriptedModel.GateTimeout) };
        await using var service = await ServiceFixture.StartAsync(model);

        var other = service.Ask("other");
        var wrong = service.Ask(new EmbedTexts((IReadOnlyList<ActorEmbed.Inference.EmbeddingInput>)null!));

        Assert.Equal(RejectionReason.InvalidRequest, (await wrong.ExpectMsgAsync<EmbedRejected>()).Reason);
        gate.Set();
        await other.ExpectMsgAsync<TextsEmbedded>();
        Assert.Equal(1, model.Loads);
    }

    [Fact]
    public async Task Who_awaits_a_change_of_state_is_told_when_the_router_stops()
    {
        await using var service = await ServiceFixture.StartAsync();
        await service.LeaveAsync(ServiceState.Loading);
        var change = service.LeaveAsync(ServiceState.Ready);
        await service.StatusAsync();

        service.Router.Tell(PoisonPill.Instance);

        Assert.Equal(ServiceState.Failed, (await change).State);
    }

    [Fact]
    public async Task Bulk_batches_of_a_lone_indexer_are_short_once_a_single_text_has_come_in()
    {
        var model = new ScriptedModel();
        await using var service = await ServiceFixture.StartAsync(model);
        // 4 ms a batch and half a millisecond a token.
        model.OnBatch = texts => service.Time.Advance(TimeSpan.FromSeconds(0.004 + (0.0005 * texts.Sum(t => 2 + (t.Length / 4)))));
        for (var i = 1; i <= 64; i++)
            await service.EmbedAsync([.. Enumerable.Range(0, i).Select(t => $"a text to learn the cost from, {t} of {i}")]);

        await service.EmbedAsync("single");
        model.Batches.Clear();
        await service.EmbedAsync([.. Enumerable.Range(0, 32).Select(t => $"a text of the bulk client, number {t}, of everyday length")]);

        Assert.InRange(model.Batches.Max(b => b.Count), 1, 6);
    }
}
