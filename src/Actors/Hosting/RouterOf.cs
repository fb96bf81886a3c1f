using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ActorEmbed.Actors.Hosting;

/// <summary>Finds a router in a host's registry.</summary>
internal static class RouterOf
{
    /// <summary>
    /// Waits until the host has started: then every actor is in the registry that will ever be, and a router that is
    /// not there is one that nobody has added. To wait on would be to wait for ever.
    /// </summary>
    /// <typeparam name="TKey">The registry's key of the router.</typeparam>
    /// <exception cref="InvalidOperationException">The host has started without it.</exception>
    public static async Task<IActorRef> FindAsync<TKey>(IServiceProvider services, CancellationToken cancellation)
    {
        var registry = services.GetRequiredService<ActorRegistry>();
        if (registry.TryGet<TKey>(out var router))
            return router;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(
            cancellation, services.GetService<IHostApplicationLifetime>()?.ApplicationStarted ?? CancellationToken.None);
        try
        {
            return await services.GetRequiredService<IRequiredActor<TKey>>().GetAsync(over.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return registry.TryGet<TKey>(out router)
                ? router
                : throw new InvalidOperationException(
                    $"No ActorEmbed with the key {typeof(TKey).Name} runs in this host's actor system: add it by WithActorEmbed inside AddAkka. "
                    + "(AddActorEmbed is for hosts that do not call AddAkka themselves.)");
        }
    }
}
