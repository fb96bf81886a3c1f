using System.Collections.Concurrent;
using ActorEmbed.Actors.Scheduling;
using Akka.Actor;

namespace ActorEmbed.Actors.Hosting;

/// <summary>
/// The request time-outs of the instances in an actor system, by their keys: who asks one knows
/// how long an answer may take without asking for that first.
/// </summary>
internal sealed class RequestTimeouts : IExtension
{
    private readonly ConcurrentDictionary<InstanceKey, TimeSpan> _timeouts = [];

    public static RequestTimeouts Of(ActorSystem system) => system.WithExtension<RequestTimeouts, Provider>();

    public void Set(InstanceKey key, TimeSpan timeout) => _timeouts[key] = timeout;

    /// <summary>That of a router which somebody else has registered is taken to be the default.</summary>
    public TimeSpan Get(InstanceKey key) => _timeouts.TryGetValue(key, out var timeout) ? timeout : new SchedulingOptions().RequestTimeout;

    private sealed class Provider : ExtensionIdProvider<RequestTimeouts>
    {
        public override RequestTimeouts CreateExtension(ExtendedActorSystem system) => new();
    }
}
