using System.Collections.Concurrent;
using ActorEmbed.Actors.Scheduling;
using Akka.Actor;

namespace ActorEmbed.Actors.Hosting;

/// <summary>
/// The request time-outs of the instances in an actor system, by the registry's keys of their routers: who asks one knows
/// how long an answer may take without asking for that first.
/// </summary>
internal sealed class RequestTimeouts : IExtension
{
    private readonly ConcurrentDictionary<Type, TimeSpan> _timeouts = [];

    public static RequestTimeouts Of(ActorSystem system) => system.WithExtension<RequestTimeouts, Provider>();

    public void Set<TKey>(TimeSpan timeout) => _timeouts[typeof(TKey)] = timeout;

    /// <summary>That of a router which somebody else has registered is taken to be the default.</summary>
    public TimeSpan Get<TKey>() => _timeouts.TryGetValue(typeof(TKey), out var timeout) ? timeout : new SchedulingOptions().RequestTimeout;

    private sealed class Provider : ExtensionIdProvider<RequestTimeouts>
    {
        public override RequestTimeouts CreateExtension(ExtendedActorSystem system) => new();
    }
}
