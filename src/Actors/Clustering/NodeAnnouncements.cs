using ActorEmbed.Actors.Inference;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.WorkProtocol;
using ActorEmbed.Inference;
using Akka.Actor;
using Akka.Cluster;

namespace ActorEmbed.Actors.Clustering;

/// <summary>
/// Tells the cluster's routers that an inference node is ready, and asks them for work. No router is asked while a batch of
/// its own is here, or while the model is not ready for one.
/// </summary>
/// <param name="owner">The node's actor. It hands <see cref="Announce"/> back to here.</param>
/// <param name="interval">Between two announcements.</param>
/// <param name="cluster">Tells which routers come and go.</param>
/// <param name="routers">Those that are there.</param>
/// <param name="batches">What they have given.</param>
/// <param name="departure">A node that leaves asks for nothing.</param>
/// <param name="health">Nor does one whose model is being loaded.</param>
internal sealed class NodeAnnouncements(
    IWithTimers owner, TimeSpan interval, Akka.Cluster.Cluster cluster, KnownRouters routers, NodeBatches batches, NodeDeparture departure, ServiceHealth health)
{
    /// <summary>Says whether the model is asleep.</summary>
    public required NodeSleep Sleep { get; init; }

    /// <summary>The model that was loaded last; null before the first, and when there will be none any more.</summary>
    public ModelInfo? Model { get; set; }

    public void Start(IActorRef self)
    {
        cluster.Subscribe(self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent));
        owner.Timers.StartPeriodicTimer(nameof(Announce), Announce.Instance, interval);
    }

    public void OnRouterUp(Member member)
    {
        if (routers.Add(member))
            ToRouter(member.Address);
    }

    public void ToAll()
    {
        foreach (var router in routers.Nodes)
            ToRouter(router);
    }

    /// <summary>
    /// Both messages may be repeated, and have to be: either may be lost, and a router may be a new one. Neither is sent
    /// while the model is being loaded again.
    /// </summary>
    private void ToRouter(Address router)
    {
        if (Model is null || health.State != ServiceState.Ready || departure.IsUnderWay || Sleep.IsWaking)
            return;
        routers.Tell(router, new WorkerReady(Model, Tokenizer: null));
        if (Sleep.IsAsleep)
            routers.Tell(router, WorkerAsleep.Instance);
        else if (!batches.HasBatchOf(router))
            routers.Tell(router, RequestWork.Instance);
    }

    /// <summary>To the node's actor: it is time to announce itself again.</summary>
    internal sealed record Announce : INoSerializationVerificationNeeded
    {
        public static readonly Announce Instance = new();
    }
}
