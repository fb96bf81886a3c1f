using System.Collections.Concurrent;
using ActorEmbed.Actors.Router;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ActorEmbed.Api.Tests;

/// <summary>Stands before the router, and notes what each who asks it sends.</summary>
internal sealed class OverheardRouter(ActorSystem system, IReadOnlyActorRegistry registry) : IRequiredActor<BatchRouterActor>
{
    private readonly Lock _gate = new();
    private IActorRef? _actor;

    public ConcurrentQueue<object> Heard { get; } = [];

    public IActorRef ActorRef
    {
        get
        {
            lock (_gate)
                return _actor ??= system.ActorOf(Props.Create(() => new Between(registry, Heard)));
        }
    }

    public Task<IActorRef> GetAsync(CancellationToken cancellationToken = default) => Task.FromResult(ActorRef);

    public static void Replace(IServiceCollection services)
    {
        services.AddSingleton<OverheardRouter>();
        services.AddSingleton<IRequiredActor<BatchRouterActor>>(provider => provider.GetRequiredService<OverheardRouter>());
    }

    private sealed class Between : ReceiveActor
    {
        public Between(IReadOnlyActorRegistry registry, ConcurrentQueue<object> heard) => ReceiveAny(message =>
        {
            heard.Enqueue(message);
            registry.Get<BatchRouterActor>().Forward(message);
        });
    }
}
