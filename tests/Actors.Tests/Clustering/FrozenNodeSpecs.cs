using ActorEmbed.Actors.Clustering;
using ActorEmbed.Actors.Inference;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Actors.WorkProtocol;
using ActorEmbed.Tests.Shared.Models;
using Akka.Actor;
using Akka.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace ActorEmbed.Actors.Tests.Clustering;

/// <summary>An inference node alone, with fake time: who gives it a batch is the test.</summary>
public sealed class FrozenNodeSpecs() : Akka.TestKit.Xunit2.TestKit("""
    akka.actor.provider = cluster
    akka.remote.dot-netty.tcp.hostname = 127.0.0.1
    akka.remote.dot-netty.tcp.port = 0
    akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit"
    akka.test.single-expect-default = 20s
    akka.loglevel = OFF
    akka.stdout-loglevel = OFF
    """)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly FakeTimeProvider _time = new();
    private readonly SchedulingOptions _scheduling = new();

    private TestScheduler Clock => (TestScheduler)Sys.Scheduler;

    [Fact]
    public async Task A_node_that_stood_still_gives_its_batch_the_time_again_and_then_knows_what_hangs()
    {
        using var gate = new ManualResetEventSlim();
        var model = new ScriptedModel { OnBatch = _ => gate.Wait(ScriptedModel.GateTimeout) };
        var node = Sys.ActorOf(InferenceNodeActor.Props(
            new ClusterOptions(), _scheduling,
            router => InferenceSupervision.SupervisorProps(model.Load, router, _scheduling, "akka.actor.default-dispatcher"), new InferenceThread(), _time));
        await node.Ask<ServiceStatus>(new AwaitStateChange(ServiceState.Loading), Patience);
        var limit = _scheduling.BatchTimeout;
        node.Tell(new EmbedBatch(1, [new BatchText("running", Normalize: true)]), CreateTestProbe());
        await AwaitAssertAsync(() => Assert.Single(model.Batches));

        // Frozen in the middle, longer than the limit: both clocks have gone on, and nothing ran.
        _time.Advance(limit * 4);
        Clock.Advance(limit * 4);
        Assert.Equal(ServiceState.Ready, (await StatusAsync(node)).State);

        // And now it hangs.
        Clock.Advance(limit);
        var failed = await node.Ask<ServiceStatus>(new AwaitStateChange(ServiceState.Ready), Patience);
        gate.Set();

        Assert.Equal(ServiceState.Failed, failed.State);
        Assert.Contains("hangs", failed.Reason, StringComparison.Ordinal);
    }

    private static Task<ServiceStatus> StatusAsync(IActorRef node) => node.Ask<ServiceStatus>(GetStatus.Instance, Patience);
}
