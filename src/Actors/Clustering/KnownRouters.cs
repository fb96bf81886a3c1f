using Akka.Actor;
using Akka.Cluster;

namespace ActorEmbed.Actors.Clustering;

/// <summary>
/// The routers that an inference node works for: those of the cluster, by the address of their node. A router that is
/// started again has the same address, so what is sent to one may reach its successor.
/// </summary>
/// <param name="cluster">The membership of this node.</param>
/// <param name="context">Of the actor that speaks to them.</param>
internal sealed class KnownRouters(Akka.Cluster.Cluster cluster, IActorContext context)
{
    // With the reason for which one refuses this node, if it does.
    private readonly Dictionary<Address, string?> _routers = [];

    public int Count => _routers.Count;

    public IReadOnlyCollection<Address> Nodes => _routers.Keys;

    /// <summary>Why one of them refuses this node; null when none does.</summary>
    public string? RefusalReason => _routers.Values.FirstOrDefault(reason => reason is not null);

    /// <summary>False when it is no router, or known.</summary>
    public bool Add(Member member) => member.HasRole(ClusterHosting.RouterRole) && _routers.TryAdd(member.Address, null);

    public void Remove(Member member)
    {
        // A router that was started again has the same address and is another member.
        if (!cluster.State.Members.Any(m => m.Address == member.Address && m.HasRole(ClusterHosting.RouterRole)))
            _routers.Remove(member.Address);
    }

    /// <summary>It has given this node a batch.</summary>
    public void NoteAccepting(IActorRef router) => _routers[NodeOf(router)] = null;

    /// <summary>False when it has said so before.</summary>
    public bool NoteRefusing(IActorRef router, string reason)
    {
        var node = NodeOf(router);
        if (_routers.TryGetValue(node, out var known) && known == reason)
            return false;
        _routers[node] = reason;
        return true;
    }

    public Address NodeOf(IActorRef router) => router.Path.Address.HasGlobalScope ? router.Path.Address : cluster.SelfAddress;

    public void Tell(Address node, object message) => context.ActorSelection(
        new RootActorPath(node == cluster.SelfAddress ? context.Self.Path.Address : node) / "user" / ClusterHosting.RouterName).Tell(message, context.Self);

    public void TellAll(object message)
    {
        foreach (var node in _routers.Keys)
            Tell(node, message);
    }
}
