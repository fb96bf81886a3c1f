using System.Collections;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Actors.WorkProtocol;
using ActorEmbed.Inference;
using ActorEmbed.Tests.Shared.Models;
using Akka.Actor;

namespace ActorEmbed.Actors.Tests;

/// <summary>What breaks an actor in the middle of a message, and what its callers see of that: nothing, or "once more, please".</summary>
public sealed class RestartSpecs
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_router_that_is_restarted_when_idle_is_loading_for_a_while_and_serves_again()
    {
        await using var service = await ServiceFixture.StartAsync();
        await service.LeaveAsync(ServiceState.Loading);
        var change = service.LeaveAsync(ServiceState.Ready);
        await service.StatusAsync();

        BreakRouter(service);

        Assert.Equal(ServiceState.Loading, (await change).State);
        Assert.Equal(ServiceState.Ready, (await service.LeaveAsync(ServiceState.Loading)).State);
        Assert.IsType<TextsEmbedded>(await service.EmbedAsync("again"));
        Assert.Equal((2, 1), (service.Model.Loads, service.Model.Disposals));
    }

    [Fact]
    public async Task A_router_that_is_restarted_in_the_middle_of_a_batch_asks_its_callers_to_come_back_and_takes_no_old_result_for_a_new_one()
    {
        using var gate = new ManualResetEventSlim();
        var model = new ScriptedModel { OnBatch = _ => gate.Wait(ScriptedModel.GateTimeout) };
        await using var service = await ServiceFixture.StartAsync(model);
        await service.LeaveAsync(ServiceState.Loading);
        var running = service.Ask("running");
        await service.Kit.AwaitAssertAsync(() => Assert.Single(model.Batches));
        var queued = service.Ask("queued");

        BreakRouter(service);
        var rejections = new[] { await running.ExpectMsgAsync<EmbedRejected>(), await queued.ExpectMsgAsync<EmbedRejected>() };
        // The router is there although the thread of inference is not.
        Assert.Equal(ServiceState.Loading, (await service.StatusAsync()).State);
        var later = service.Ask("later");
        await service.StatusAsync();
        gate.Set();

        Assert.All(rejections, rejected => Assert.Equal((RejectionReason.Overloaded, true), (rejected.Reason, rejected.RetryAfter > TimeSpan.Zero)));
        Assert.Equal(ScriptedModel.UnitVectorOf("later"), Assert.Single((await later.ExpectMsgAsync<TextsEmbedded>()).Vectors));
        running.ExpectNoMsg(TimeSpan.Zero);
        queued.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_router_that_is_restarted_during_the_load_tells_who_waits_for_it_when_it_is_ready()
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
        var ready = service.LeaveAsync(ServiceState.Loading);
        await service.StatusAsync();

        BreakRouter(service);
        await service.StatusAsync();
        gate.Set();

        Assert.Equal(ServiceState.Ready, (await ready).State);
        Assert.IsType<TextsEmbedded>(await service.EmbedAsync("text"));
    }

    [Fact]
    public async Task A_batch_that_hangs_is_noticed_also_when_the_router_has_been_restarted_meanwhile()
    {
        using var gate = new ManualResetEventSlim();
        var model = new ScriptedModel { OnBatch = _ => gate.Wait(ScriptedModel.GateTimeout) };
        await using var service = await ServiceFixture.StartAsync(model);
        await service.LeaveAsync(ServiceState.Loading);
        service.Ask("running");
        await service.Kit.AwaitAssertAsync(() => Assert.Single(model.Batches));

        BreakRouter(service);
        await service.StatusAsync();
        service.Clock.Advance(new SchedulingOptions().BatchTimeout);
        var status = await service.LeaveAsync(ServiceState.Loading);
        BreakRouter(service);
        var after = await service.StatusAsync();
        gate.Set();

        Assert.Equal(ServiceState.Failed, status.State);
        Assert.Contains("hangs", status.Reason, StringComparison.Ordinal);
        // What was given up for good stays so.
        Assert.Equal((status.State, status.Reason), (after.State, after.Reason));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_text_that_costs_more_than_a_batch_has_as_much_more_time_before_it_hangs(bool routerIsRestarted)
    {
        using var gate = new ManualResetEventSlim();
        var model = new ScriptedModel { OnBatch = _ => gate.Wait(ScriptedModel.GateTimeout) };
        var options = new SchedulingOptions { MaxTokensPerBatch = 8 };
        await using var service = await ServiceFixture.StartAsync(model, options);
        await service.LeaveAsync(ServiceState.Loading);
        // 122 tokens: fifteen batches.
        service.Ask(new string('x', 480));
        await service.Kit.AwaitAssertAsync(() => Assert.Single(model.Batches));
        if (routerIsRestarted)
            BreakRouter(service);
        await service.StatusAsync();

        service.Clock.Advance(options.BatchTimeout * 15);
        var before = await service.StatusAsync();
        service.Clock.Advance(options.BatchTimeout);
        var after = await service.LeaveAsync(before.State);
        gate.Set();

        Assert.NotEqual(ServiceState.Failed, before.State);
        Assert.Equal(ServiceState.Failed, after.State);
        Assert.Contains("00:07:37", after.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_router_that_is_stopped_says_that_it_has_failed()
    {
        await using var service = await ServiceFixture.StartAsync();
        await service.LeaveAsync(ServiceState.Loading);
        var change = service.LeaveAsync(ServiceState.Ready);
        await service.StatusAsync();

        service.Router.Tell(PoisonPill.Instance);

        Assert.Equal(ServiceState.Failed, (await change).State);
    }

    [Fact]
    public async Task An_inference_actor_that_dies_when_idle_is_replaced_and_its_death_is_heard()
    {
        await using var service = await ServiceFixture.StartAsync();
        await service.LeaveAsync(ServiceState.Loading);
        var change = service.LeaveAsync(ServiceState.Ready);
        var inference = await service.System.ActorSelection(service.Router.Path / "inference-supervisor" / "inference").ResolveOne(Patience);

        inference.Tell(Kill.Instance);
        var state = (await change).State;
        var caller = service.Ask("text");
        await service.PassTimeUntilReadyAsync();

        Assert.Equal(ServiceState.Loading, state);
        await caller.ExpectMsgAsync<TextsEmbedded>();
        Assert.Equal((2, 1), (service.Model.Loads, service.Model.Disposals));
    }

    [Fact]
    public async Task A_batch_that_goes_down_with_its_actor_is_given_to_the_next_one()
    {
        var failures = 1;
        var model = new ScriptedModel
        {
            // It passes every check, and breaks where nobody is prepared for it.
            OnResult = (_, result) => failures-- > 0 ? new BrokenList<TextEmbedding>(result[0], count: 1) { IsBrokenFor = Reader.Enumeration } : result,
        };
        await using var service = await ServiceFixture.StartAsync(model);
        await service.LeaveAsync(ServiceState.Loading);

        var caller = service.Ask("text");
        await service.PassTimeUntilAsync(
            async () => (await service.StatusAsync()) is { State: ServiceState.Ready, Counters.Restarts: 1 }, TimeSpan.FromMilliseconds(200));

        Assert.Equal(ScriptedModel.UnitVectorOf("text"), Assert.Single((await caller.ExpectMsgAsync<TextsEmbedded>()).Vectors));
        Assert.Equal(2, model.Batches.Count);
    }

    [Theory]
    [InlineData("a null list")]
    [InlineData("a null text")]
    [InlineData("a list that throws")]
    [InlineData("a list that is gone")]
    public async Task A_bad_list_in_a_message_is_rejected_by_name_and_restarts_nothing(string kind)
    {
        await using var service = await ServiceFixture.StartAsync();
        await service.LeaveAsync(ServiceState.Loading);

        var embedding = await service.Router.Ask<EmbedReply>(new EmbedTexts(BadList<EmbeddingInput>(kind, "good", default)!), Patience);
        var tokenizing = await service.Router.Ask<EmbedReply>(new TokenizeTexts(BadList<string>(kind, "good", null!)!), Patience);

        Assert.All([embedding, tokenizing], reply => Assert.Equal(RejectionReason.InvalidRequest, Assert.IsType<EmbedRejected>(reply).Reason));
        Assert.IsType<TextsEmbedded>(await service.EmbedAsync("text"));
        Assert.Equal(1, service.Model.Loads);
    }

    [Fact]
    public async Task A_list_that_changes_after_it_was_sent_changes_nothing()
    {
        using var gate = new ManualResetEventSlim();
        var model = new ScriptedModel { OnLoad = _ => gate.Wait(ScriptedModel.GateTimeout) };
        await using var service = await ServiceFixture.StartAsync(model);
        List<EmbeddingInput> texts = ["one", "two", "three"];

        var caller = service.Ask(new EmbedTexts(texts));
        await service.StatusAsync();
        texts.Clear();
        gate.Set();

        Assert.Equal(new[] { "one", "two", "three" }.Select(ScriptedModel.UnitVectorOf), (await caller.ExpectMsgAsync<TextsEmbedded>()).Vectors);
    }

    [Fact]
    public async Task A_process_that_stood_still_gives_its_batch_the_time_again_and_then_knows_what_hangs()
    {
        using var gate = new ManualResetEventSlim();
        var model = new ScriptedModel { OnBatch = _ => gate.Wait(ScriptedModel.GateTimeout) };
        await using var service = await ServiceFixture.StartAsync(model);
        await service.LeaveAsync(ServiceState.Loading);
        var limit = new SchedulingOptions().BatchTimeout;
        var caller = service.Ask(new EmbedTexts(["running"]) { Timeout = TimeSpan.FromHours(1) });
        await service.Kit.AwaitAssertAsync(() => Assert.Single(model.Batches));

        // Frozen in the middle, longer than the limit: both clocks have gone on, and nothing ran.
        service.Time.Advance(limit * 4);
        service.Clock.Advance(limit * 4);
        Assert.Equal(ServiceState.Ready, (await service.StatusAsync()).State);
        // Frozen once more, when half of the time is over.
        service.Clock.Advance(limit / 2);
        await service.StatusAsync();
        service.Time.Advance(limit * 4);
        service.Clock.Advance(limit * 4);
        Assert.Equal(ServiceState.Ready, (await service.StatusAsync()).State);

        // And now it hangs.
        service.Clock.Advance(limit);
        var rejected = await caller.ExpectMsgAsync<EmbedRejected>();
        gate.Set();

        Assert.Contains("hangs", rejected.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_that_stood_still_gives_its_load_the_time_again()
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

        service.Time.Advance(TimeSpan.FromHours(1));
        service.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(ServiceState.Loading, (await service.StatusAsync()).State);
        gate.Set();

        Assert.Equal(ServiceState.Ready, (await service.LeaveAsync(ServiceState.Loading)).State);
    }

    /// <summary>A message of the inside with nothing in it, which none of ours ever sends.</summary>
    private static void BreakRouter(ServiceFixture service) => service.Router.Tell(new WorkerReady(null!, null), service.Kit.CreateTestProbe());

    private static IReadOnlyList<T>? BadList<T>(string kind, T good, T bad) => kind switch
    {
        "a null list" => null,
        "a null text" => [good, bad],
        "a list that throws" => new BrokenList<T>(good, count: 2) { IsBrokenFor = Reader.Enumeration },
        _ => new BrokenList<T>(good, count: 2) { IsBrokenFor = Reader.Index | Reader.Enumeration },
    };

    [Flags]
    private enum Reader
    {
        None = 0,
        Index = 1,
        Enumeration = 2,
    }

    private sealed class BrokenList<T>(T item, int count) : IReadOnlyList<T>
    {
        public required Reader IsBrokenFor { get; init; }

        public int Count => count;

        public T this[int index] => IsBrokenFor.HasFlag(Reader.Index) ? throw new InvalidOperationException("the list was changed") : item;

        public IEnumerator<T> GetEnumerator()
        {
            yield return item;
            if (IsBrokenFor.HasFlag(Reader.Enumeration))
                throw new InvalidOperationException("the list was changed");
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
