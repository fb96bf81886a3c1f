using Akka.Actor;

namespace ActorEmbed.Actors.Hosting;

/// <summary>Finds the actors of models that were added by name.</summary>
public static class ActorEmbedRouters
{
    /// <summary>The router of the model with this name.</summary>
    /// <param name="system">The host's actor system, started.</param>
    /// <param name="name">The name that <c>WithActorEmbed</c> or <c>AddActorEmbed</c> was given, in any case.</param>
    /// <exception cref="InvalidOperationException">There is none, or the host has not started yet.</exception>
    public static IActorRef GetActorEmbedRouter(this ActorSystem system, string name)
    {
        ArgumentNullException.ThrowIfNull(system);
        var key = InstanceKey.Named(name);
        return NamedRouters.Of(system).Find(key)
            ?? throw new InvalidOperationException($"No ActorEmbed {key} runs in this actor system, or the host has not started yet: add it by WithActorEmbed(name, ...).");
    }

    /// <summary>
    /// The actor of an inference node's further model, which answers <see cref="Messages.GetStatus"/> and
    /// <see cref="Messages.AwaitStateChange"/>.
    /// </summary>
    /// <param name="system">The node's actor system, started.</param>
    /// <param name="name">The name that <c>WithActorEmbedWorker</c> was given, in any case.</param>
    /// <exception cref="InvalidOperationException">There is none, or the host has not started yet.</exception>
    public static IActorRef GetActorEmbedInferenceNode(this ActorSystem system, string name)
    {
        ArgumentNullException.ThrowIfNull(system);
        var key = InstanceKey.Named(name);
        return NamedRouters.Of(system).Find(key.ForNode())
            ?? throw new InvalidOperationException($"No inference node {key} runs in this actor system, or the host has not started yet: add it by WithActorEmbedWorker(cluster, name, ...).");
    }
}
