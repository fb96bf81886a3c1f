using System.Collections.Concurrent;
using ActorEmbed.Actors.Scheduling;
using Akka.Actor;

namespace ActorEmbed.Actors.Hosting;

/// <summary>The inference threads of an actor system, by the paths of their dispatchers' settings.</summary>
internal sealed class InferenceThreads : IExtension
{
    private readonly ConcurrentDictionary<string, InferenceThread> _threads = [];

    public static InferenceThread Of(ActorSystem system, string dispatcher) =>
        system.WithExtension<InferenceThreads, Provider>()._threads.GetOrAdd(dispatcher, _ => new InferenceThread());

    private sealed class Provider : ExtensionIdProvider<InferenceThreads>
    {
        public override InferenceThreads CreateExtension(ExtendedActorSystem system) => new();
    }
}
