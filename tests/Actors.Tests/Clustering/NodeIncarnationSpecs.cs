using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Router;
using ActorEmbed.Actors.WorkProtocol;
using ActorEmbed.Tests.Shared.Models;
using Akka.Actor;
using Akka.Dispatch.SysMsg;

namespace ActorEmbed.Actors.Tests.Clustering;

/// <summary>A node that is started again has the address of the one before it, of which the router may hear later.</summary>
[Collection(ClusterTestsAlone.Name)]
public sealed class NodeIncarnationSpecs
{
    [Fact]
    public async Task That_the_process_before_it_is_gone_takes_nothing_from_a_node()
    {
        using var gate = new ManualResetEventSlim();
        var model = new ScriptedModel { OnBatch = _ => gate.Wait(ScriptedModel.GateTimeout) };
        await using var router = await ClusterNode.StartRouterAsync();
        await using var worker = await ClusterNode.StartWorkerAsync(router, model.Load);
        await router.AwaitWorkersAsync(1);
        var reply = router.EmbedAsync("text");
        await router.Kit.AwaitAssertAsync(() => Assert.Single(model.Batches));

        router.Router.Tell(Gone(worker, IncarnationOf(worker) + 1));
        await TellThatTheAddressIsGoneAsync(router, worker);
        var status = await router.StatusAsync();
        gate.Set();

        Assert.Equal((WorkerState.Busy, 0), (Assert.Single(status.Workers).State, status.Counters.LostBatches));
        Assert.Equal(ScriptedModel.UnitVectorOf("text"), Assert.Single(Assert.IsType<TextsEmbedded>(await reply).Vectors));
        Assert.Single(model.Batches);
    }

    [Fact]
    public async Task A_node_whose_own_process_is_gone_is_forgotten_and_its_batch_is_given_to_another()
    {
        using var gate = new ManualResetEventSlim();
        var stuck = new ScriptedModel { OnBatch = _ => gate.Wait(ScriptedModel.GateTimeout) };
        await using var router = await ClusterNode.StartRouterAsync();
        await using var worker = await ClusterNode.StartWorkerAsync(router, stuck.Load);
        await router.AwaitWorkersAsync(1);
        var reply = router.EmbedAsync("text");
        await router.Kit.AwaitAssertAsync(() => Assert.Single(stuck.Batches));
        await using var other = await ClusterNode.StartWorkerAsync(router, new ScriptedModel().Load);
        await router.AwaitWorkersAsync(1);

        router.Router.Tell(Gone(worker, IncarnationOf(worker)));
        var embedded = await reply;
        var lost = (await router.StatusAsync()).Counters.LostBatches;
        gate.Set();

        Assert.IsType<TextsEmbedded>(embedded);
        Assert.Equal(1, lost);
    }

    [Fact]
    public async Task A_node_that_the_cluster_has_taken_for_gone_is_still_watched()
    {
        await using var router = await ClusterNode.StartRouterAsync();
        await using var worker = await ClusterNode.StartWorkerAsync(router, new ScriptedModel().Load);
        await router.AwaitWorkersAsync(1);
        await TellThatTheAddressIsGoneAsync(router, worker);

        worker.Node.Tell(PoisonPill.Instance);

        await router.AwaitStatusAsync(status => Assert.Empty(status.Workers));
    }

    [Theory]
    [InlineData("inference-node", 12)]
    [InlineData("inference-node-a+b", -7)]
    [InlineData("x", int.MinValue)]
    public void A_name_tells_the_process(string name, int incarnation) =>
        Assert.Equal(incarnation, NodeIncarnation.Of(Path(NodeIncarnation.NameIn(name, incarnation))));

    [Theory]
    [InlineData("inference-node")]
    [InlineData("inference-node-a+b")]
    public void A_name_of_an_earlier_version_tells_none(string name) => Assert.Null(NodeIncarnation.Of(Path(name)));

    private static ChildActorPath Path(string name) => new(new RootActorPath(new Address("akka.tcp", "test", "localhost", 1)), name, uid: 1);

    private static NodeLost Gone(ClusterNode worker, int incarnation) =>
        new(Akka.Cluster.Cluster.Get(worker.System).SelfAddress, incarnation, "its node is gone", IsGone: true);

    private static int IncarnationOf(ClusterNode worker) => Akka.Cluster.Cluster.Get(worker.System).SelfUniqueAddress.Uid;

    /// <summary>As Akka tells those who watch an actor there, and waits until it was heard.</summary>
    private static async Task TellThatTheAddressIsGoneAsync(ClusterNode router, ClusterNode worker)
    {
        var address = Akka.Cluster.Cluster.Get(worker.System).SelfAddress;
        var seen = await router.System.ActorSelection(new RootActorPath(address) / worker.Node.Path.Elements).ResolveOne(TimeSpan.FromSeconds(40));
        ((IInternalActorRef)router.Router).SendSystemMessage(new DeathWatchNotification(seen, existenceConfirmed: true, addressTerminated: true));
        await router.StatusAsync();
    }
}
