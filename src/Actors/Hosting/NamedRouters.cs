using System.Collections.Concurrent;
using Akka.Actor;

namespace ActorEmbed.Actors.Hosting;

/// <summary>The routers of an actor system that have names: its registry knows actors by types alone.</summary>
internal sealed class NamedRouters : IExtension
{
    private readonly ConcurrentDictionary<InstanceKey, TaskCompletionSource<IActorRef>> _routers = [];

    public static NamedRouters Of(ActorSystem system) => system.WithExtension<NamedRouters, Provider>();

    public void Set(InstanceKey key, IActorRef router) => Awaited(key).SetResult(router);

    /// <summary>Null while it has not been started.</summary>
    public IActorRef? Find(InstanceKey key) => Awaited(key).Task is { IsCompletedSuccessfully: true } started ? started.Result : null;

    /// <summary>Waits until it has been started.</summary>
    public Task<IActorRef> GetAsync(InstanceKey key, CancellationToken cancellation) => Awaited(key).Task.WaitAsync(cancellation);

    private TaskCompletionSource<IActorRef> Awaited(InstanceKey key) =>
        _routers.GetOrAdd(key, _ => new TaskCompletionSource<IActorRef>(TaskCreationOptions.RunContinuationsAsynchronously));

    private sealed class Provider : ExtensionIdProvider<NamedRouters>
    {
        public override NamedRouters CreateExtension(ExtendedActorSystem system) => new();
    }
}
