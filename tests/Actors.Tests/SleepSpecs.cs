using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Inference;
using ActorEmbed.Tests.Shared.Models;
using Akka.Actor;

namespace ActorEmbed.Actors.Tests;

/// <summary>A model that nobody asks for is closed, and opened again when somebody does.</summary>
public sealed class SleepSpecs
{
    private static readonly TimeSpan UnloadAfter = TimeSpan.FromMinutes(5);

    private readonly ScriptedModel _model = new();

    [Fact]
    public async Task A_model_that_nobody_asks_for_is_closed_and_the_next_request_opens_it_and_waits()
    {
        await using var service = await StartAsync();
        await service.EmbedAsync("text");

        Pass(service, UnloadAfter - TimeSpan.FromSeconds(1));
        Assert.False((await service.StatusAsync()).IsAsleep);
        await SleepAsync(service);

        var asleep = await service.StatusAsync();
        Assert.Equal((ServiceState.Ready, true, "tests/scripted"), (asleep.State, asleep.IsAsleep, asleep.Model?.Id));
        Assert.IsType<TextsEmbedded>(await service.EmbedAsync("again"));
        Assert.Equal((2, false), (_model.Loads, (await service.StatusAsync()).IsAsleep));
    }

    [Fact]
    public async Task Time_counts_from_the_last_answer()
    {
        await using var service = await StartAsync();
        await service.EmbedAsync("text");

        for (var i = 0; i < 3; i++)
        {
            Pass(service, UnloadAfter - TimeSpan.FromSeconds(10));
            await service.EmbedAsync($"text {i}");
        }

        Assert.Equal((false, 1), ((await service.StatusAsync()).IsAsleep, _model.Loads));
        await SleepAsync(service);
    }

    [Fact]
    public async Task Without_the_setting_a_model_stays()
    {
        await using var service = await ServiceFixture.StartAsync(_model);
        await service.EmbedAsync("text");

        Pass(service, TimeSpan.FromDays(30));

        Assert.False((await service.StatusAsync()).IsAsleep);
    }

    [Fact]
    public async Task A_model_whose_batch_takes_longer_than_that_is_not_closed_under_it()
    {
        using var open = new ManualResetEventSlim();
        _model.OnBatch = _ => open.Wait(ScriptedModel.GateTimeout);
        await using var service = await StartAsync();
        var held = service.EmbedAsync("held");
        await service.Kit.AwaitAssertAsync(() => Assert.NotEmpty(_model.Batches));

        // The time-outs of batches and requests count time in which the process ran; here none of it did.
        service.Time.Advance(UnloadAfter * 2);
        await service.StatusAsync();
        Assert.Equal(0, _model.Disposals);
        open.Set();

        Assert.IsType<TextsEmbedded>(await held);
    }

    [Fact]
    public async Task A_request_that_comes_while_the_model_is_being_closed_is_served_by_the_next_one()
    {
        using var open = new ManualResetEventSlim();
        _model.OnDispose = () => open.Wait(ScriptedModel.GateTimeout);
        await using var service = await StartAsync();
        await service.EmbedAsync("text");
        await SleepAsync(service, isClosed: false);

        var early = service.EmbedAsync("early");
        await service.Kit.AwaitAssertAsync(async () => Assert.Equal(WorkerState.Waking, (await service.StatusAsync()).Workers.Single().State));
        open.Set();

        Assert.IsType<TextsEmbedded>(await early);
        Assert.Equal((2, 1), (_model.Loads, _model.Disposals));
    }

    [Fact]
    public async Task Requests_for_tokens_wake_the_model_too()
    {
        await using var service = await StartAsync();
        await service.EmbedAsync("text");
        await SleepAsync(service);

        Assert.IsType<TextsTokenized>(await service.Router.Ask<EmbedReply>(new TokenizeTexts(["text"]), TimeSpan.FromSeconds(20)));
        Assert.Equal(2, _model.Loads);
    }

    [Fact]
    public async Task Keep_alive_of_zero_closes_the_model_after_the_answer_and_the_next_load_counts_as_the_settings_say()
    {
        await using var service = await StartAsync();

        Assert.IsType<TextsEmbedded>(await AskAsync(service, TimeSpan.Zero, "text"));
        await AsleepAsync(service);
        await service.EmbedAsync("text");

        Pass(service, UnloadAfter - TimeSpan.FromSeconds(1));
        Assert.False((await service.StatusAsync()).IsAsleep);
    }

    [Fact]
    public async Task Keep_alive_of_zero_without_texts_closes_the_model_at_once_and_another_one_opens_it()
    {
        await using var service = await StartAsync();
        await service.EmbedAsync("text");

        Assert.IsType<TextsEmbedded>(await AskAsync(service, TimeSpan.Zero));
        await AsleepAsync(service);
        Assert.IsType<TextsEmbedded>(await AskAsync(service, TimeSpan.Zero));
        Assert.Equal(1, _model.Loads);

        Assert.IsType<TextsEmbedded>(await AskAsync(service, keepAlive: null));
        await service.Kit.AwaitAssertAsync(async () => Assert.Equal((2, false), (_model.Loads, (await service.StatusAsync()).IsAsleep)));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3600)]
    public async Task Keep_alive_wins_over_the_setting(int seconds)
    {
        await using var service = await StartAsync();
        await AskAsync(service, TimeSpan.FromSeconds(seconds), "text");
        await service.EmbedAsync("a request that says nothing of it");

        Pass(service, UnloadAfter * 2);

        Assert.False((await service.StatusAsync()).IsAsleep);
    }

    [Fact]
    public async Task Keep_alive_of_a_request_that_wakes_the_model_counts()
    {
        await using var service = await StartAsync();
        await service.EmbedAsync("text");
        await SleepAsync(service);

        await AskAsync(service, TimeSpan.FromSeconds(-1), "text");
        Pass(service, UnloadAfter * 2);

        Assert.False((await service.StatusAsync()).IsAsleep);
    }

    [Fact]
    public async Task A_model_that_does_not_open_again_is_tried_as_at_the_start()
    {
        _model.OnLoad = load =>
        {
            if (load == 2)
                throw new InferenceException("There is no memory.");
        };
        await using var service = await StartAsync();
        await service.EmbedAsync("text");
        await SleepAsync(service);

        var early = service.EmbedAsync("early");
        await service.Kit.AwaitAssertAsync(async () => Assert.Equal(ServiceState.Loading, (await service.StatusAsync()).State));
        await service.PassTimeUntilReadyAsync();

        Assert.IsType<TextsEmbedded>(await early);
        var status = await service.StatusAsync();
        Assert.Equal((3, 1), (_model.Loads, status.Counters.Restarts));
    }

    [Fact]
    public async Task A_model_that_is_gone_when_it_is_opened_again_fails_for_good()
    {
        _model.OnLoad = load =>
        {
            if (load == 2)
                throw new ModelLoadException("The directory is gone.");
        };
        await using var service = await StartAsync();
        await service.EmbedAsync("text");
        await SleepAsync(service);

        var rejected = Assert.IsType<EmbedRejected>(await service.EmbedAsync("text"));

        Assert.Equal((RejectionReason.ModelFailed, "The directory is gone."), (rejected.Reason, rejected.Message));
    }

    [Fact]
    public async Task An_actor_system_stops_while_its_model_sleeps()
    {
        await using var service = await StartAsync();
        await service.EmbedAsync("text");
        await SleepAsync(service);

        await service.System.Terminate();

        Assert.Equal((1, 1), (_model.Loads, _model.Disposals));
    }

    [Fact]
    public async Task A_router_that_restarts_while_the_model_sleeps_has_it_opened()
    {
        await using var service = await StartAsync();
        await service.EmbedAsync("text");
        await SleepAsync(service);

        service.Router.Tell(new WorkProtocol.WorkerReady(null!, null), service.Kit.CreateTestProbe());
        await service.PassTimeUntilAsync(async () => await service.StatusAsync() is { State: ServiceState.Ready, IsAsleep: false } && _model.Loads == 2, TimeSpan.FromMilliseconds(200));

        Assert.IsType<TextsEmbedded>(await service.EmbedAsync("text"));
    }

    private Task<ServiceFixture> StartAsync() => ServiceFixture.StartAsync(_model, new SchedulingOptions { UnloadAfter = UnloadAfter });

    private static Task<EmbedReply> AskAsync(ServiceFixture service, TimeSpan? keepAlive, params string[] texts) =>
        service.Router.Ask<EmbedReply>(new EmbedTexts(texts) { KeepAlive = keepAlive }, TimeSpan.FromSeconds(20));

    private static void Pass(ServiceFixture service, TimeSpan time)
    {
        service.Time.Advance(time);
        service.Clock.Advance(time);
    }

    /// <summary>The end of a batch and the answer are two messages: the time may begin a moment after the answer.</summary>
    private async Task SleepAsync(ServiceFixture service, bool isClosed = true)
    {
        var disposals = _model.Disposals;
        await service.Kit.AwaitAssertAsync(async () =>
        {
            Pass(service, TimeSpan.FromSeconds(30));
            Assert.True((await service.StatusAsync()).IsAsleep);
        }, TimeSpan.FromSeconds(20), TimeSpan.FromMilliseconds(20));
        if (isClosed)
            await service.Kit.AwaitAssertAsync(() => Assert.Equal(disposals + 1, _model.Disposals), TimeSpan.FromSeconds(20));
    }

    private static Task AsleepAsync(ServiceFixture service) =>
        service.Kit.AwaitAssertAsync(async () => Assert.True((await service.StatusAsync()).IsAsleep), TimeSpan.FromSeconds(20));
}
