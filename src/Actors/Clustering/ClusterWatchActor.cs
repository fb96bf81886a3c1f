using ActorEmbed.Actors.Workers;
using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Akka.Remote;

namespace ActorEmbed.Actors.Clustering;

/// <summary>Tells a router of nodes from which nothing more can be expected for now.</summary>
internal sealed class ClusterWatchActor : ReceiveActor
{
    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);

    public ClusterWatchActor(IActorRef router)
    {
        Receive<ClusterEvent.UnreachableMember>(e => router.Tell(new NodeLost(e.Member.Address, "its node cannot be reached")));
        // A process that was killed closes its connections at once, long before it counts as unreachable.
        Receive<DisassociatedEvent>(e => router.Tell(new NodeLost(e.RemoteAddress, "its connection broke")));
        Receive<ClusterEvent.MemberDowned>(e => router.Tell(new NodeLost(e.Member.Address, "its node was taken out of the cluster")));
        Receive<ClusterEvent.MemberRemoved>(e => router.Tell(new NodeLost(e.Member.Address, "its node is gone")));
    }

    public static Props Props(IActorRef router) => Akka.Actor.Props.Create(() => new ClusterWatchActor(router)).WithDeploy(Deploy.Local);

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe<DisassociatedEvent>(Self);
        _cluster.Subscribe(
            Self,
            ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents,
            typeof(ClusterEvent.UnreachableMember),
            typeof(ClusterEvent.MemberDowned),
            typeof(ClusterEvent.MemberRemoved));
    }

    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        _cluster.Unsubscribe(Self);
    }
}
