using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Inference;
using ActorEmbed.Tests.Shared.Models;

namespace ActorEmbed.Actors.Tests;

public sealed class FailureSpecs
{
    private static readonly string[] ThreeTexts = ["good", "poison", "fine"];

    private static void ThrowOnPoison(IReadOnlyList<string> texts)
    {
        if (texts.Contains("poison"))
            throw new InferenceException("the graph broke");
    }

    [Fact]
    public async Task When_the_model_throws_once_every_caller_gets_vectors_from_a_fresh_session()
    {
        var failures = 1;
        var model = new ScriptedModel
        {
            OnBatch = _ =>
            {
                if (failures-- > 0)
                    throw new InferenceException("the graph broke");
            },
        };
        await using var service = await ServiceFixture.StartAsync(model);
        await service.LeaveAsync(ServiceState.Loading);

        var caller = service.Ask("one", "two");
        await service.PassTimeUntilAsync(
            async () => (await service.StatusAsync()) is { State: ServiceState.Ready, Counters.Restarts: 1 }, TimeSpan.FromMilliseconds(200));

        var reply = await caller.ExpectMsgAsync<TextsEmbedded>();
        Assert.Equal(new[] { "one", "two" }.Select(ScriptedModel.UnitVectorOf), reply.Vectors);
        Assert.Equal((2, 1), (model.Loads, model.Disposals));
    }

    [Fact]
    public async Task Only_the_text_that_breaks_the_model_is_rejected_and_its_neighbours_get_their_vectors()
    {
        using var gate = new ManualResetEventSlim();
        var model = new ScriptedModel
        {
            OnBatch = texts =>
            {
                gate.Wait(ScriptedModel.GateTimeout);
                ThrowOnPoison(texts);
            },
        };
        await using var service = await ServiceFixture.StartAsync(model);
        await service.LeaveAsync(ServiceState.Loading);

        service.Ask("keeps the worker busy");
        var callers = ThreeTexts.Select(text => service.Ask("before", text)).ToArray();
        await service.StatusAsync();
        gate.Set();
        await service.PassTimeUntilAsync(
            async () => (await service.StatusAsync()) is { State: ServiceState.Ready, Counters.Restarts: 2 }, TimeSpan.FromMilliseconds(200));

        await callers[0].ExpectMsgAsync<TextsEmbedded>();
        await callers[2].ExpectMsgAsync<TextsEmbedded>();
        var rejected = await callers[1].ExpectMsgAsync<EmbedRejected>();
        Assert.Equal((RejectionReason.TextFailed, 1), (rejected.Reason, rejected.TextIndex));
        Assert.Contains("the graph broke", rejected.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("poison", rejected.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_that_fails_alone_is_not_tried_again()
    {
        var model = new ScriptedModel { OnBatch = ThrowOnPoison };
        await using var service = await ServiceFixture.StartAsync(model);

        Assert.IsType<EmbedRejected>(await service.EmbedAsync("poison"));

        Assert.Single(model.Batches);
    }

    [Theory]
    [InlineData("not finite")]
    [InlineData("vectors for")]
    public async Task A_result_that_is_not_one_finite_vector_a_text_never_reaches_a_caller(string expected)
    {
        var model = new ScriptedModel
        {
            OnResult = (_, result) => expected == "not finite"
                ? [result[0] with { Vector = [1, float.NaN, 3, 4] }]
                : [],
        };
        await using var service = await ServiceFixture.StartAsync(model);

        var rejected = Assert.IsType<EmbedRejected>(await service.EmbedAsync("text"));

        Assert.Contains(expected, rejected.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_always_throws_is_given_up_and_requests_are_then_answered_at_once()
    {
        var model = new ScriptedModel { OnBatch = _ => throw new InferenceException("the graph broke") };
        await using var service = await ServiceFixture.StartAsync(model, new SchedulingOptions { MaxTextsPerBatch = 2, MaxFailedBatches = 3 });

        var callers = ThreeTexts.Select(text => service.Ask(text)).ToArray();
        await service.PassTimeUntilAsync(
            async () => (await service.StatusAsync()).State == ServiceState.Failed, TimeSpan.FromSeconds(1));

        foreach (var caller in callers)
            await caller.ExpectMsgAsync<EmbedRejected>();
        var rejected = Assert.IsType<EmbedRejected>(await service.EmbedAsync("later"));
        Assert.Equal(RejectionReason.ModelFailed, rejected.Reason);
        Assert.Contains("the graph broke", rejected.Message, StringComparison.Ordinal);
        Assert.Equal(0, (await service.StatusAsync()).QueuedTexts);
    }

    [Fact]
    public async Task A_load_that_fails_once_is_tried_again_and_requests_wait_for_it()
    {
        var model = new ScriptedModel
        {
            OnLoad = load =>
            {
                if (load == 1)
                    throw new IOException("the disk is away");
            },
        };
        await using var service = await ServiceFixture.StartAsync(model);

        var caller = service.Ask("early");
        await service.PassTimeUntilReadyAsync();

        await caller.ExpectMsgAsync<TextsEmbedded>();
        Assert.Equal(2, model.Loads);
    }

    [Fact]
    public async Task A_load_that_keeps_failing_is_given_up_with_its_reason()
    {
        var model = new ScriptedModel { OnLoad = _ => throw new IOException("the disk is away") };
        await using var service = await ServiceFixture.StartAsync(model, new SchedulingOptions { MaxFailedLoads = 3 });

        var caller = service.Ask("early");
        await service.PassTimeUntilAsync(
            async () => (await service.StatusAsync()).State == ServiceState.Failed, TimeSpan.FromSeconds(1));

        Assert.Equal(RejectionReason.ModelFailed, (await caller.ExpectMsgAsync<EmbedRejected>()).Reason);
        var status = await service.StatusAsync();
        Assert.Contains("the disk is away", status.Reason, StringComparison.Ordinal);
        Assert.False(status.ModelIsUnusable);
        Assert.Equal(3, model.Loads);
    }

    [Fact]
    public async Task A_damaged_model_is_given_up_at_once()
    {
        var model = new ScriptedModel { OnLoad = _ => throw new ModelLoadException("model.onnx is damaged") };
        await using var service = await ServiceFixture.StartAsync(model);

        var status = await service.LeaveAsync(ServiceState.Loading);

        Assert.Equal((ServiceState.Failed, true, "model.onnx is damaged"), (status.State, status.ModelIsUnusable, status.Reason));
        Assert.Equal(1, model.Loads);
    }

    [Fact]
    public async Task The_pause_before_a_restart_grows_with_every_failure()
    {
        var model = new ScriptedModel { OnLoad = _ => throw new IOException("the disk is away") };
        var options = new SchedulingOptions
        {
            MinRestartDelay = TimeSpan.FromSeconds(10),
            MaxRestartDelay = TimeSpan.FromSeconds(40),
            MaxFailedLoads = 10,
        };
        await using var service = await ServiceFixture.StartAsync(model, options);

        var pauses = new List<double>();
        for (var load = 1; load <= 4; load++)
        {
            await service.Kit.AwaitAssertAsync(async () => Assert.Equal(load, (await service.StatusAsync()).Counters.Restarts));
            var pause = 0;
            await service.PassTimeUntilAsync(
                () =>
                {
                    pause++;
                    return Task.FromResult(model.Loads == load + 1);
                },
                TimeSpan.FromSeconds(1));
            pauses.Add(pause);
        }

        // 10, 20, 40, 40 s, each up to a fifth longer by chance.
        Assert.True(pauses[1] > pauses[0] * 1.5, string.Join(" ", pauses));
        Assert.True(pauses[2] > pauses[1] * 1.5, string.Join(" ", pauses));
        Assert.True(pauses[3] < pauses[2] * 1.5, string.Join(" ", pauses));
    }

    [Fact]
    public async Task A_request_that_waits_behind_a_hanging_model_is_answered_at_its_deadline()
    {
        using var gate = new ManualResetEventSlim();
        var model = new ScriptedModel { OnBatch = _ => gate.Wait(ScriptedModel.GateTimeout) };
        await using var service = await ServiceFixture.StartAsync(model);
        await service.LeaveAsync(ServiceState.Loading);

        var running = service.Ask(new EmbedTexts(["running"]) { Timeout = TimeSpan.FromSeconds(5) });
        await service.Kit.AwaitAssertAsync(() => Assert.Single(model.Batches));
        var waiting = service.Ask(new EmbedTexts(["waiting"]) { Timeout = TimeSpan.FromSeconds(5) });
        await service.StatusAsync();
        service.Clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(RejectionReason.DeadlineExceeded, (await running.ExpectMsgAsync<EmbedRejected>()).Reason);
        Assert.Equal(RejectionReason.DeadlineExceeded, (await waiting.ExpectMsgAsync<EmbedRejected>()).Reason);
        gate.Set();
        Assert.IsType<TextsEmbedded>(await service.EmbedAsync("later"));
        Assert.DoesNotContain(model.Batches, batch => batch.Contains("waiting"));
    }

    [Fact]
    public async Task A_batch_that_does_not_come_back_is_noticed_and_the_service_reports_failure()
    {
        using var gate = new ManualResetEventSlim();
        var model = new ScriptedModel { OnBatch = _ => gate.Wait(ScriptedModel.GateTimeout) };
        await using var service = await ServiceFixture.StartAsync(model);
        await service.LeaveAsync(ServiceState.Loading);

        var caller = service.Ask("running");
        await service.Kit.AwaitAssertAsync(() => Assert.Single(model.Batches));
        service.Clock.Advance(TimeSpan.FromSeconds(30));

        var rejected = await caller.ExpectMsgAsync<EmbedRejected>();
        Assert.Equal(RejectionReason.ModelFailed, rejected.Reason);
        Assert.Contains("hangs", rejected.Message, StringComparison.Ordinal);
        Assert.Equal(ServiceState.Failed, (await service.StatusAsync()).State);
        gate.Set();
    }

    [Fact]
    public async Task A_load_that_does_not_end_is_noticed_and_the_service_reports_failure()
    {
        using var gate = new ManualResetEventSlim();
        using var loading = new ManualResetEventSlim();
        var model = new ScriptedModel
        {
            OnLoad = _ =>
            {
                loading.Set();
                gate.Wait(ScriptedModel.GateTimeout);
            },
        };
        await using var service = await ServiceFixture.StartAsync(model);

        Assert.True(loading.Wait(ScriptedModel.GateTimeout));
        await service.StatusAsync();
        service.Clock.Advance(TimeSpan.FromMinutes(31));

        var status = await service.LeaveAsync(ServiceState.Loading);
        Assert.Equal(ServiceState.Failed, status.State);
        Assert.Contains("hangs", status.Reason, StringComparison.Ordinal);
        gate.Set();
    }

    [Fact]
    public async Task A_batch_of_nothing_but_bad_texts_does_not_end_the_service()
    {
        using var gate = new ManualResetEventSlim();
        var model = new ScriptedModel
        {
            OnBatch = texts =>
            {
                gate.Wait(ScriptedModel.GateTimeout);
                if (texts.Any(t => t.StartsWith("bad", StringComparison.Ordinal)))
                    throw new InferenceException("the graph broke");
            },
        };
        await using var service = await ServiceFixture.StartAsync(model, new SchedulingOptions { BatchTimeout = TimeSpan.FromHours(1) });
        await service.LeaveAsync(ServiceState.Loading);

        service.Ask("keeps the worker busy");
        var bad = Enumerable.Range(0, 31).Select(i => service.Ask(new EmbedTexts([$"bad {i}"]) { Timeout = TimeSpan.FromHours(1) })).ToArray();
        var good = service.Ask(new EmbedTexts(["good"]) { Timeout = TimeSpan.FromHours(1) });
        await service.StatusAsync();
        gate.Set();
        await service.PassTimeUntilAsync(
            async () => (await service.StatusAsync()) is { State: ServiceState.Ready, Counters.Restarts: 32 }, TimeSpan.FromSeconds(1));

        await good.ExpectMsgAsync<TextsEmbedded>();
        foreach (var caller in bad)
            Assert.Equal(RejectionReason.TextFailed, (await caller.ExpectMsgAsync<EmbedRejected>()).Reason);
    }
}
