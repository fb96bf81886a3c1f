using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.WorkProtocol;
using ActorEmbed.Inference;
using ActorEmbed.Tests.Shared.Models;
using Akka.Actor;

namespace ActorEmbed.Actors.Tests.Clustering;

[Collection(ClusterTestsAlone.Name)]
public sealed class NodeRestartSpecs
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    [Fact]
    public async Task A_node_that_is_restarted_in_the_middle_of_a_batch_gives_it_back_at_once_and_works_again()
    {
        using var gate = new ManualResetEventSlim();
        var model = new ScriptedModel { OnBatch = _ => gate.Wait(ScriptedModel.GateTimeout) };
        await using var router = await ClusterNode.StartRouterAsync();
        await using var worker = await ClusterNode.StartWorkerAsync(router, model.Load);
        await router.AwaitWorkersAsync(1);
        var change = AwaitChangeAsync(worker, ServiceState.Ready);
        var reply = router.EmbedAsync("text");
        await router.Kit.AwaitAssertAsync(() => Assert.Single(model.Batches));

        Break(worker);
        await router.AwaitStatusAsync(status => Assert.Equal((ServiceState.Loading, 1), (status.State, status.Counters.LostBatches)));
        var state = (await change).State;
        gate.Set();

        Assert.Equal(ServiceState.Loading, state);
        Assert.Equal(ScriptedModel.UnitVectorOf("text"), Assert.Single(Assert.IsType<TextsEmbedded>(await reply).Vectors));
        Assert.Equal(ServiceState.Ready, (await AwaitChangeAsync(worker, ServiceState.Loading)).State);
        await router.AwaitWorkersAsync(1);
        Assert.Equal(2, model.Loads);
    }

    [Fact]
    public async Task A_node_that_is_stopped_says_that_it_has_failed()
    {
        await using var router = await ClusterNode.StartRouterAsync();
        await using var worker = await ClusterNode.StartWorkerAsync(router, new ScriptedModel().Load);
        await router.AwaitWorkersAsync(1);
        var change = AwaitChangeAsync(worker, ServiceState.Ready);
        await worker.Node.Ask<ServiceStatus>(GetStatus.Instance, Patience);

        worker.Node.Tell(PoisonPill.Instance);

        Assert.Equal(ServiceState.Failed, (await change).State);
    }

    [Fact]
    public async Task An_inference_actor_that_dies_without_a_word_is_replaced_and_its_node_gets_no_batch_meanwhile()
    {
        using var gate = new ManualResetEventSlim(initialState: true);
        var model = new ScriptedModel { OnLoad = _ => gate.Wait(ScriptedModel.GateTimeout) };
        await using var router = await ClusterNode.StartRouterAsync();
        await using var worker = await ClusterNode.StartWorkerAsync(router, model.Load);
        await router.AwaitWorkersAsync(1);
        var change = AwaitChangeAsync(worker, ServiceState.Ready);
        var inference = await worker.System.ActorSelection(worker.Node.Path / "inference-supervisor" / "inference").ResolveOne(Patience);
        gate.Reset();

        inference.Tell(Kill.Instance);
        var state = (await change).State;
        gate.Set();

        Assert.Equal(ServiceState.Loading, state);
        Assert.IsType<TextsEmbedded>(await router.EmbedAsync("text"));
        Assert.Equal(2, model.Loads);
    }

    [Fact]
    public async Task A_node_asks_for_work_only_when_it_can_work()
    {
        using var gate = new ManualResetEventSlim(initialState: true);
        using var reloads = new ManualResetEventSlim();
        var failures = 1;
        var model = new ScriptedModel
        {
            OnLoad = load =>
            {
                if (load == 2)
                    reloads.Set();
                gate.Wait(ScriptedModel.GateTimeout);
            },
            OnBatch = _ =>
            {
                if (failures-- > 0)
                    throw new InferenceException("the graph broke");
            },
        };
        await using var router = await ClusterNode.StartRouterAsync();
        await using var worker = await ClusterNode.StartWorkerAsync(router, model.Load);
        await router.AwaitWorkersAsync(1);
        gate.Reset();

        Assert.IsType<EmbedRejected>(await router.EmbedAsync("poison"));
        Assert.True(reloads.Wait(ScriptedModel.GateTimeout));
        var waiting = router.EmbedAsync("text");
        var seen = await StatesOfAsync(router, announcements: 3);
        gate.Set();

        Assert.All(seen, status => Assert.Equal(
            (ServiceState.Loading, WorkerState.Suspect, 1), (status.State, Assert.Single(status.Workers).State, status.QueuedTexts)));
        Assert.Equal(ScriptedModel.UnitVectorOf("text"), Assert.Single(Assert.IsType<TextsEmbedded>(await waiting).Vectors));
        Assert.Equal(0, (await router.StatusAsync()).Counters.LostBatches);
    }

    [Fact]
    public async Task A_router_of_a_cluster_that_is_restarted_keeps_to_its_model_and_serves_again()
    {
        var model = new ScriptedModel();
        await using var router = await ClusterNode.StartRouterAsync();
        await using var worker = await ClusterNode.StartWorkerAsync(router, model.Load);
        await router.AwaitWorkersAsync(1);
        await router.EmbedAsync("first");
        await using var other = await ClusterNode.StartWorkerAsync(router, new Testing.FakeEmbeddingModel(dimensions: ScriptedModel.Dimensions).Open);
        await router.AwaitStatusAsync(status => Assert.Contains(status.Workers, w => w.State == WorkerState.Refused));

        router.Router.Tell(new WorkerReady(null!, null), router.Kit.CreateTestProbe());
        await router.AwaitStatusAsync(status =>
        {
            Assert.Contains(status.Workers, w => w.State == WorkerState.Free);
            Assert.Contains(status.Workers, w => w.State == WorkerState.Refused);
        });

        Assert.Equal(ScriptedModel.UnitVectorOf("text"), Assert.Single(Assert.IsType<TextsEmbedded>(await router.EmbedAsync("text")).Vectors));
        Assert.Equal(1, model.Loads);
    }

    /// <summary>A message of the inside with nothing in it, which none of ours ever sends.</summary>
    private static void Break(ClusterNode worker) => worker.Node.Tell(new WorkerReady(null!, null), worker.Kit.CreateTestProbe());

    private static Task<ServiceStatus> AwaitChangeAsync(ClusterNode worker, ServiceState from) =>
        worker.Node.Ask<ServiceStatus>(new AwaitStateChange(from), Patience);

    /// <summary>What the router knows while its worker had the time for so many announcements.</summary>
    private static async Task<IReadOnlyList<ServiceStatus>> StatesOfAsync(ClusterNode router, int announcements)
    {
        var seen = new List<ServiceStatus>();
        using var interval = new PeriodicTimer(ClusterNode.AnnounceInterval);
        for (var i = 0; i < announcements; i++)
        {
            await interval.WaitForNextTickAsync();
            seen.Add(await router.StatusAsync());
        }

        return seen;
    }
}
