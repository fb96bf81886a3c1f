using System.Collections.Concurrent;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Actors.WorkProtocol;
using ActorEmbed.Inference;
using ActorEmbed.Tests.Shared.Models;

namespace ActorEmbed.Actors.Tests;

public sealed class TokenizingSpecs
{
    [Fact]
    public async Task A_few_requests_are_tokenized_at_a_time_and_the_others_wait_in_order()
    {
        using var gate = new ManualResetEventSlim();
        var started = new ConcurrentQueue<string>();
        var model = new ScriptedModel
        {
            OnTokenize = (text, cancellation) =>
            {
                started.Enqueue(text);
                gate.Wait(ScriptedModel.GateTimeout, cancellation);
            },
        };
        await using var service = await ServiceFixture.StartAsync(model);
        await service.LeaveAsync(ServiceState.Loading);

        var callers = Enumerable.Range(0, 5).Select(i => service.Ask(new TokenizeTexts([$"{i}"]))).ToArray();
        await service.Kit.AwaitAssertAsync(() => Assert.Equal(Tokenize.MostAtOnce, started.Count));
        // The router has seen all five by now, and a tokenizer that took more would have.
        Assert.Equal((ServiceState.Ready, 3, 3, 10L), await service.QueueAsync());
        Assert.Equal(Tokenize.MostAtOnce, started.Count);
        gate.Set();

        foreach (var caller in callers)
            await caller.ExpectMsgAsync<TextsTokenized>();
        Assert.Equal(["0", "1", "2", "3", "4"], started.Order());
        Assert.Equal((ServiceState.Ready, 0, 0, 0L), await service.QueueAsync());
    }

    [Fact]
    public async Task Requests_for_tokens_and_for_vectors_share_the_bounds_of_the_queue()
    {
        using var gate = new ManualResetEventSlim();
        var model = new ScriptedModel { OnLoad = _ => gate.Wait(ScriptedModel.GateTimeout) };
        await using var service = await ServiceFixture.StartAsync(model, new SchedulingOptions { MaxQueuedTexts = 3, MaxQueuedBytes = 1024 });

        var vectors = service.Ask("text", "text");
        var tokens = service.Ask(new TokenizeTexts(["text"]));
        var tooManyTokens = await service.Ask(new TokenizeTexts(["text"])).ExpectMsgAsync<EmbedRejected>();
        var tooManyVectors = await service.Ask("text").ExpectMsgAsync<EmbedRejected>();
        gate.Set();

        Assert.Equal((RejectionReason.Overloaded, RejectionReason.Overloaded), (tooManyTokens.Reason, tooManyVectors.Reason));
        Assert.True(tooManyTokens.RetryAfter >= TimeSpan.FromSeconds(1));
        await vectors.ExpectMsgAsync<TextsEmbedded>();
        await tokens.ExpectMsgAsync<TextsTokenized>();
    }

    [Fact]
    public async Task Who_gives_up_while_waiting_leaves_nothing_behind()
    {
        using var gate = new ManualResetEventSlim();
        using var gone = new CancellationTokenSource();
        await using var service = await ServiceFixture.StartAsync(new ScriptedModel { OnLoad = _ => gate.Wait(ScriptedModel.GateTimeout) });

        var cancelled = service.Ask(new TokenizeTexts(["gone"]) { Cancellation = gone.Token });
        var late = service.Ask(new TokenizeTexts(["late"]) { Timeout = TimeSpan.FromSeconds(1) });
        var patient = service.Ask(new TokenizeTexts(["patient"]));
        Assert.Equal(3, (await service.QueueAsync()).Requests);
        await gone.CancelAsync();
        service.Clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(RejectionReason.Cancelled, (await cancelled.ExpectMsgAsync<EmbedRejected>()).Reason);
        Assert.Equal(RejectionReason.DeadlineExceeded, (await late.ExpectMsgAsync<EmbedRejected>()).Reason);
        Assert.Equal((ServiceState.Loading, 1, 1, 14L), await service.QueueAsync());
        gate.Set();
        await patient.ExpectMsgAsync<TextsTokenized>();
    }

    [Fact]
    public async Task A_tokenizer_hears_in_the_middle_of_a_text_that_nobody_waits_for_it_any_more()
    {
        using var gone = new CancellationTokenSource();
        var begun = new TaskCompletionSource();
        var stopped = new TaskCompletionSource<string>();
        var model = new ScriptedModel
        {
            OnTokenize = (text, cancellation) =>
            {
                if (text != "long")
                    return;
                begun.SetResult();
                Assert.True(cancellation.WaitHandle.WaitOne(ScriptedModel.GateTimeout));
                stopped.SetResult(text);
                cancellation.ThrowIfCancellationRequested();
            },
        };
        await using var service = await ServiceFixture.StartAsync(model);
        await service.LeaveAsync(ServiceState.Loading);

        var callers = Enumerable.Range(0, Tokenize.MostAtOnce - 1)
            .Select(_ => service.Ask(new TokenizeTexts(["short"]))).Append(service.Ask(new TokenizeTexts(["long"]) { Cancellation = gone.Token })).ToArray();
        await begun.Task.WaitAsync(ScriptedModel.GateTimeout);
        await gone.CancelAsync();

        Assert.Equal(RejectionReason.Cancelled, (await callers[^1].ExpectMsgAsync<EmbedRejected>()).Reason);
        Assert.Equal("long", await stopped.Task.WaitAsync(ScriptedModel.GateTimeout));
        await service.Ask(new TokenizeTexts(["next"])).ExpectMsgAsync<TextsTokenized>();
    }

    [Fact]
    public async Task A_request_that_is_lost_with_its_tokenizer_is_served_by_the_next_one()
    {
        using var gate = new ManualResetEventSlim();
        var model = new ScriptedModel
        {
            OnTokenize = (_, cancellation) => gate.Wait(ScriptedModel.GateTimeout, cancellation),
            OnBatch = texts => _ = texts.Contains("poison") ? throw new InferenceException("the graph broke") : 0,
        };
        await using var service = await ServiceFixture.StartAsync(model);
        await service.LeaveAsync(ServiceState.Loading);

        var callers = Enumerable.Range(0, Tokenize.MostAtOnce + 1).Select(i => service.Ask(new TokenizeTexts([$"{i}"]))).ToArray();
        Assert.IsType<EmbedRejected>(await service.EmbedAsync("poison"));
        await service.PassTimeUntilReadyAsync();
        gate.Set();

        foreach (var caller in callers)
            await caller.ExpectMsgAsync<TextsTokenized>();
        Assert.Equal(2, model.Loads);
        Assert.Equal((ServiceState.Ready, 0, 0, 0L), await service.QueueAsync());
    }

    [Fact]
    public async Task Tokens_that_fail_are_told_and_do_not_count_as_a_failure_of_inference()
    {
        var model = new ScriptedModel { OnTokenize = (_, _) => throw new InferenceException("the vocabulary broke") };
        await using var service = await ServiceFixture.StartAsync(model);

        var rejected = await service.Ask(new TokenizeTexts(["text"])).ExpectMsgAsync<EmbedRejected>();

        Assert.Equal(RejectionReason.TextFailed, rejected.Reason);
        Assert.Contains("the vocabulary broke", rejected.Message, StringComparison.Ordinal);
        Assert.IsType<TextsEmbedded>(await service.EmbedAsync("text"));
        Assert.Equal(1, model.Loads);
    }

    [Fact]
    public async Task The_model_that_is_expected_of_tokens_is_checked_when_it_is_there()
    {
        using var gate = new ManualResetEventSlim();
        await using var service = await ServiceFixture.StartAsync(new ScriptedModel { OnLoad = _ => gate.Wait(ScriptedModel.GateTimeout) });

        var early = service.Ask(new TokenizeTexts(["text"]) { Model = "another" });
        await service.StatusAsync();
        gate.Set();

        Assert.Equal(RejectionReason.WrongModel, (await early.ExpectMsgAsync<EmbedRejected>()).Reason);
        Assert.Equal(RejectionReason.WrongModel, (await service.Ask(new TokenizeTexts(["text"]) { Model = "another" }).ExpectMsgAsync<EmbedRejected>()).Reason);
        await service.Ask(new TokenizeTexts(["text"]) { Model = "scripted" }).ExpectMsgAsync<TextsTokenized>();
    }
}
