using ActorEmbed.Actors.Router;
using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Akka.Remote;

namespace ActorEmbed.Actors.Clustering;

/// <summary>
/// Tells a router of nodes from which nothing more can be expected for now, and takes inference nodes that stay so out of
/// the cluster, where it was set up for that (hocon/cluster.conf).
/// </summary>
internal sealed class ClusterWatchActor : ReceiveActor, IWithTimers
{
    private const string PatienceSetting = "actorembed.cluster.down-unreachable-worker-after";

    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly ILoggingAdapter _log = Context.GetLogger();

    // Null in a host's own cluster: who is taken out of that is the host's affair.
    private readonly TimeSpan? _patience = Context.System.Settings.Config.HasPath(PatienceSetting)
        ? Context.System.Settings.Config.GetTimeSpan(PatienceSetting)
        : null;

    public ClusterWatchActor(IActorRef router)
    {
        Receive<ClusterEvent.UnreachableMember>(e =>
        {
            router.Tell(Lost(e.Member, "its node cannot be reached"));
            if (_patience is { } patience && !e.Member.HasRole(ClusterHosting.RouterRole))
                Timers.StartSingleTimer(e.Member.UniqueAddress, new StillUnreachable(e.Member.UniqueAddress), patience);
        });
        // A process that was killed closes its connections at once, long before it counts as unreachable.
        Receive<DisassociatedEvent>(e => router.Tell(new NodeLost(e.RemoteAddress, Incarnation: null, "its connection broke")));
        Receive<ClusterEvent.MemberDowned>(e => router.Tell(Lost(e.Member, "its node was taken out of the cluster")));
        Receive<ClusterEvent.ReachableMember>(e => Timers.Cancel(e.Member.UniqueAddress));
        Receive<ClusterEvent.MemberRemoved>(e =>
        {
            Timers.Cancel(e.Member.UniqueAddress);
            router.Tell(Lost(e.Member, "its node is gone") with { IsGone = true });
        });
        Receive<StillUnreachable>(OnStillUnreachable);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(IActorRef router) => Akka.Actor.Props.Create(() => new ClusterWatchActor(router)).WithDeploy(Deploy.Local);

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe<DisassociatedEvent>(Self);
        _cluster.Subscribe(
            Self,
            ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents,
            typeof(ClusterEvent.IReachabilityEvent),
            typeof(ClusterEvent.MemberDowned),
            typeof(ClusterEvent.MemberRemoved));
    }

    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        _cluster.Unsubscribe(Self);
    }

    private static NodeLost Lost(Member member, string how) => new(member.Address, member.UniqueAddress.Uid, how);

    private void OnStillUnreachable(StillUnreachable still)
    {
        // A process that was started again has the same address and is another node.
        if (!_cluster.State.Members.Any(member => member.UniqueAddress.Equals(still.Node)))
            return;
        _log.Warning("Inference node {Node} cannot be reached for {Patience} and is taken out of the cluster", Worker.NodeAt(still.Node.Address), _patience);
        _cluster.Down(still.Node.Address);
    }

    private sealed record StillUnreachable(UniqueAddress Node) : INoSerializationVerificationNeeded;
}
