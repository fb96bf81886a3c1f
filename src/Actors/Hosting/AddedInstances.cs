using Akka.Hosting;

namespace ActorEmbed.Actors.Hosting;

/// <summary>What <c>AddActorEmbed</c> has added to a host without Akka.NET so far: the actor system begins with all of it.</summary>
internal sealed class AddedInstances
{
    private readonly Dictionary<InstanceKey, Action<AkkaConfigurationBuilder>> _instances = [];

    /// <exception cref="InvalidOperationException">It has been added before.</exception>
    public void Add(InstanceKey key, Action<AkkaConfigurationBuilder> add)
    {
        if (!_instances.TryAdd(key, add))
            throw new InvalidOperationException($"This host has an actor system with an ActorEmbed {key} already: give each model a name of its own, as in AddActorEmbed(name, ...).");
    }

    public void AddTo(AkkaConfigurationBuilder akka)
    {
        foreach (var add in _instances.Values)
            add(akka);
    }
}
