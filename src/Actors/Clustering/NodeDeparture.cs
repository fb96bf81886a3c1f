using ActorEmbed.Actors.WorkProtocol;
using Akka;
using Akka.Actor;

namespace ActorEmbed.Actors.Clustering;

/// <summary>
/// An inference node leaves when it was asked to: once each router has confirmed that it will send no more batches, and
/// those that are here have been returned.
/// </summary>
/// <param name="owner">The node's actor. It hands <see cref="ReleaseTimedOut"/> back to here.</param>
/// <param name="routers">Are told, and confirm.</param>
/// <param name="batches">Are finished before.</param>
internal sealed class NodeDeparture(IWithTimers owner, KnownRouters routers, NodeBatches batches)
{
    // A router that has not confirmed by then is gone; what it may still send is given to another in the end.
    private static readonly TimeSpan ReleaseTimeout = TimeSpan.FromSeconds(3);

    private int _awaitedRouters;

    /// <summary>Who is told when the node may leave; null while it stays.</summary>
    public IActorRef? Asker { get; private set; }

    public bool IsUnderWay => Asker is not null;

    public void Begin(IActorRef asker)
    {
        (Asker, _awaitedRouters) = (asker, routers.Count);
        routers.TellAll(new WorkerLeaving(Failure: null));
        owner.Timers.StartSingleTimer(nameof(ReleaseTimedOut), ReleaseTimedOut.Instance, ReleaseTimeout);
        LeaveIfDone();
    }

    /// <summary>A router sends no more batches.</summary>
    public void OnReleased() => StopAwaiting(1);

    /// <summary>Routers that have not confirmed are not waited for any longer.</summary>
    public void OnReleaseTimedOut() => StopAwaiting(routers.Count);

    public void LeaveIfDone()
    {
        if (_awaitedRouters <= 0 && batches.IsEmpty)
            Asker?.Tell(Done.Instance);
    }

    private void StopAwaiting(int count)
    {
        if (!IsUnderWay)
            return;
        _awaitedRouters -= count;
        LeaveIfDone();
    }

    /// <summary>To the node's actor: the time for confirming is over.</summary>
    internal sealed record ReleaseTimedOut : INoSerializationVerificationNeeded
    {
        public static readonly ReleaseTimedOut Instance = new();
    }
}
