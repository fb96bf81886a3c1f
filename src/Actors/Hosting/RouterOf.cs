using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ActorEmbed.Actors.Hosting;

/// <summary>Finds a router in a host.</summary>
internal static class RouterOf
{
    /// <summary>The router that the registry knows by a type.</summary>
    /// <typeparam name="TKey">The registry's key of the router.</typeparam>
    /// <exception cref="InvalidOperationException">The host has started without it.</exception>
    public static Task<IActorRef> FindAsync<TKey>(IServiceProvider services, CancellationToken cancellation)
    {
        var registry = services.GetRequiredService<ActorRegistry>();
        return FindAsync(
            services,
            InstanceKey.Of<TKey>(),
            () => registry.TryGet<TKey>(out var router) ? router : null,
            over => services.GetRequiredService<IRequiredActor<TKey>>().GetAsync(over),
            cancellation);
    }

    /// <summary>The router of a model that was added by name.</summary>
    /// <exception cref="InvalidOperationException">The host has started without it.</exception>
    public static Task<IActorRef> FindAsync(IServiceProvider services, InstanceKey named, CancellationToken cancellation)
    {
        var routers = NamedRouters.Of(services.GetRequiredService<ActorSystem>());
        return FindAsync(services, named, () => routers.Find(named), over => routers.GetAsync(named, over), cancellation);
    }

    /// <summary>
    /// Waits until the host has started: then every router is there that will ever be, and one that is not there is one that
    /// nobody has added. To wait on would be to wait for ever.
    /// </summary>
    private static async Task<IActorRef> FindAsync(
        IServiceProvider services, InstanceKey key, Func<IActorRef?> find, Func<CancellationToken, Task<IActorRef>> wait, CancellationToken cancellation)
    {
        if (find() is { } router)
            return router;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(
            cancellation, services.GetService<IHostApplicationLifetime>()?.ApplicationStarted ?? CancellationToken.None);
        try
        {
            return await wait(over.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return find() ?? throw new InvalidOperationException(
                $"No ActorEmbed {key} runs in this host's actor system: add it by WithActorEmbed inside AddAkka. "
                + "(AddActorEmbed is for hosts that do not call AddAkka themselves.)");
        }
    }
}
