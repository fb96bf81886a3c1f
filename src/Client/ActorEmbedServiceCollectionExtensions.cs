using ActorEmbed.Client.Hosting;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ActorEmbed.Client;

/// <summary>Adds the client and the sidecar to a host.</summary>
public static class ActorEmbedServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="ActorEmbedClient"/>, also as <see cref="IEmbeddingGenerator{TInput, TEmbedding}"/>. With
    /// <c>AddActorEmbedSidecar</c> and no <see cref="ActorEmbedClientOptions.BaseUrl"/>, the client follows the
    /// sidecar to whatever port it has, and across its restarts.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Sets options; they are checked when the host starts.</param>
    /// <returns>The builder of Microsoft.Extensions.AI, for decorators such as <c>UseDistributedCache</c> or <c>UseOpenTelemetry</c>.</returns>
    public static EmbeddingGeneratorBuilder<string, Embedding<float>> AddActorEmbedClient(
        this IServiceCollection services, Action<ActorEmbedClientOptions>? configure = null)
    {
        services.AddClient(key: null, configure);
        return services.AddEmbeddingGenerator<string, Embedding<float>>(provider => provider.GetRequiredService<ActorEmbedClient>());
    }

    /// <inheritdoc cref="AddActorEmbedClient(IServiceCollection, Action{ActorEmbedClientOptions})"/>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">A section with the properties of <see cref="ActorEmbedClientOptions"/>; another name in it fails the host's start.</param>
    public static EmbeddingGeneratorBuilder<string, Embedding<float>> AddActorEmbedClient(this IServiceCollection services, IConfiguration configuration) =>
        services.AddActorEmbedClient(configuration.BindStrictly<ActorEmbedClientOptions>());

    /// <summary>
    /// Adds one of several clients, and its generator, as keyed services: each with its own options and connections. It follows
    /// the sidecar that was added with the same key, if there is one and it has no <see cref="ActorEmbedClientOptions.BaseUrl"/>.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="serviceKey">The key, as in <c>[FromKeyedServices(serviceKey)]</c>; the options have its text as their name.</param>
    /// <param name="configure">Sets options; they are checked when the host starts.</param>
    /// <returns>The builder of Microsoft.Extensions.AI.</returns>
    public static EmbeddingGeneratorBuilder<string, Embedding<float>> AddKeyedActorEmbedClient(
        this IServiceCollection services, object serviceKey, Action<ActorEmbedClientOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(serviceKey);
        services.AddClient(serviceKey, configure);
        return services.AddKeyedEmbeddingGenerator<string, Embedding<float>>(serviceKey, provider => provider.GetRequiredKeyedService<ActorEmbedClient>(serviceKey));
    }

    /// <inheritdoc cref="AddKeyedActorEmbedClient(IServiceCollection, object, Action{ActorEmbedClientOptions})"/>
    /// <param name="services">The host's services.</param>
    /// <param name="serviceKey">The key, as in <c>[FromKeyedServices(serviceKey)]</c>; the options have its text as their name.</param>
    /// <param name="configuration">A section with the properties of <see cref="ActorEmbedClientOptions"/>; another name in it fails the host's start.</param>
    public static EmbeddingGeneratorBuilder<string, Embedding<float>> AddKeyedActorEmbedClient(
        this IServiceCollection services, object serviceKey, IConfiguration configuration) =>
        services.AddKeyedActorEmbedClient(serviceKey, configuration.BindStrictly<ActorEmbedClientOptions>());

    /// <summary>Adds <see cref="ActorEmbedSidecar"/>: the server starts and stops with the host, which waits until it is ready.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Sets options; they are checked when the host starts.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddActorEmbedSidecar(this IServiceCollection services, Action<ActorEmbedSidecarOptions>? configure = null) =>
        services.AddSidecar(key: null, configure);

    /// <inheritdoc cref="AddActorEmbedSidecar(IServiceCollection, Action{ActorEmbedSidecarOptions})"/>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">A section with the properties of <see cref="ActorEmbedSidecarOptions"/>; another name in it fails the host's start.</param>
    public static IServiceCollection AddActorEmbedSidecar(this IServiceCollection services, IConfiguration configuration) =>
        services.AddActorEmbedSidecar(configuration.BindStrictly<ActorEmbedSidecarOptions>());

    /// <summary>Adds one of several sidecars as a keyed service, as for a second model; the client with the same key follows it.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="serviceKey">The key; the options have its text as their name.</param>
    /// <param name="configure">Sets options; they are checked when the host starts. Two sidecars need two ports, or 0.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddKeyedActorEmbedSidecar(
        this IServiceCollection services, object serviceKey, Action<ActorEmbedSidecarOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(serviceKey);
        return services.AddSidecar(serviceKey, configure);
    }

    private static void AddClient(this IServiceCollection services, object? key, Action<ActorEmbedClientOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptionsOf(key, configure);
        // A second call only adds options: handlers that are added twice would retry the retries.
        if (!services.Has<ActorEmbedClient>(key))
            new ClientRegistration(key).AddTo(services);
    }

    private static IServiceCollection AddSidecar(this IServiceCollection services, object? key, Action<ActorEmbedSidecarOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptionsOf(key, configure);
        if (services.Has<ActorEmbedSidecar>(key))
            return services;
        services.AddOptionsCheck<ActorEmbedSidecarOptions>(options => options.Failures());
        services.AddKeyedSingleton(key, (provider, _) => new ActorEmbedSidecar(
            provider.GetRequiredService<IOptionsMonitor<ActorEmbedSidecarOptions>>().Get(OptionsName.Of(key)),
            provider.GetService<ILogger<ActorEmbedSidecar>>(),
            provider.GetService<TimeProvider>()));
        // Not by AddHostedService, which takes a second sidecar for the first.
        return services.AddSingleton<IHostedService>(provider => provider.GetRequiredKeyedService<ActorEmbedSidecar>(key));
    }

    private static bool Has<TService>(this IServiceCollection services, object? key) =>
        services.Any(service => service.ServiceType == typeof(TService) && Equals(service.ServiceKey, key));
}
