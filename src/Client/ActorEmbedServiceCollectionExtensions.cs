using ActorEmbed.Client.Http;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ActorEmbed.Client;

/// <summary>Adds the client and the sidecar to a host.</summary>
public static class ActorEmbedServiceCollectionExtensions
{
    private const string HttpClientName = "ActorEmbed";

    /// <summary>
    /// Adds <see cref="ActorEmbedClient"/>, also as <see cref="IEmbeddingGenerator{TInput, TEmbedding}"/>. With
    /// <see cref="AddActorEmbedSidecar"/> and no <see cref="ActorEmbedClientOptions.BaseUrl"/>, the client follows the
    /// sidecar to whatever port it has, and across its restarts.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Sets options; they are checked when the host starts.</param>
    /// <returns>The builder of Microsoft.Extensions.AI, for decorators such as <c>UseDistributedCache</c> or <c>UseOpenTelemetry</c>.</returns>
    public static EmbeddingGeneratorBuilder<string, Embedding<float>> AddActorEmbedClient(
        this IServiceCollection services, Action<ActorEmbedClientOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = services.AddOptions<ActorEmbedClientOptions>().ValidateOnStart();
        if (configure is not null)
            options.Configure(configure);
        // A second call only adds options: handlers that are added twice would retry the retries.
        if (services.All(service => service.ServiceType != typeof(ActorEmbedClient)))
        {
            services.AddSingleton<IValidateOptions<ActorEmbedClientOptions>>(new OptionsCheck<ActorEmbedClientOptions>(o => o.Failures()));
            services.AddHttpClientPipeline();
            services.AddSingleton(CreateClient);
        }

        return services.AddEmbeddingGenerator<string, Embedding<float>>(provider => provider.GetRequiredService<ActorEmbedClient>());
    }

    /// <summary>Adds <see cref="ActorEmbedSidecar"/>: the server starts and stops with the host, which waits until it is ready.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Sets options; they are checked when the host starts.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddActorEmbedSidecar(this IServiceCollection services, Action<ActorEmbedSidecarOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = services.AddOptions<ActorEmbedSidecarOptions>().ValidateOnStart();
        if (configure is not null)
            options.Configure(configure);
        if (services.Any(service => service.ServiceType == typeof(ActorEmbedSidecar)))
            return services;
        services.AddSingleton<IValidateOptions<ActorEmbedSidecarOptions>>(new OptionsCheck<ActorEmbedSidecarOptions>(o => o.Failures()));
        services.AddSingleton(provider => new ActorEmbedSidecar(
            Options<ActorEmbedSidecarOptions>(provider), provider.GetService<ILogger<ActorEmbedSidecar>>(), Time(provider)));
        services.AddHostedService(provider => provider.GetRequiredService<ActorEmbedSidecar>());
        return services;
    }

    private static void AddHttpClientPipeline(this IServiceCollection services)
    {
        var http = services.AddHttpClient(HttpClientName, HttpPipeline.Configure)
            // The client is a singleton; the handler's own limit on idle connections does what rotation would do.
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(provider => HttpPipeline.CreateSocketsHandler(Options<ActorEmbedClientOptions>(provider)));
#pragma warning disable EXTEXP0001 // Retries that a host sets for all its clients would multiply with the contract's own.
        http.RemoveAllResilienceHandlers();
#pragma warning restore EXTEXP0001
        http.AddResilienceHandler("retries", (pipeline, context) =>
            RetryRules.AddRetries(pipeline, Options<ActorEmbedClientOptions>(context.ServiceProvider), Time(context.ServiceProvider)));
        http.AddHttpMessageHandler(provider =>
        {
            var options = Options<ActorEmbedClientOptions>(provider);
            return new AttemptHandler(FollowedSidecar(provider, options)?.Address ?? new FixedAddress(options.Address), options.Timeout);
        });
        http.AddResilienceHandler("attempt-timeout", (pipeline, context) =>
            RetryRules.AddTimeout(pipeline, Options<ActorEmbedClientOptions>(context.ServiceProvider), Time(context.ServiceProvider)));
        http.AddHttpMessageHandler(() => new BodyHandler());
    }

    private static ActorEmbedClient CreateClient(IServiceProvider provider)
    {
        var options = Options<ActorEmbedClientOptions>(provider).Copy();
        var followed = FollowedSidecar(provider, options);
        options.Token ??= followed?.Token;
        return new ActorEmbedClient(options, Time(provider), followed, _ => provider.GetRequiredService<IHttpClientFactory>().CreateClient(HttpClientName));
    }

    private static ActorEmbedSidecar? FollowedSidecar(IServiceProvider provider, ActorEmbedClientOptions options) =>
        options.BaseUrl is null ? provider.GetService<ActorEmbedSidecar>() : null;

    private static T Options<T>(IServiceProvider provider) where T : class => provider.GetRequiredService<IOptions<T>>().Value;

    private static TimeProvider Time(IServiceProvider provider) => provider.GetService<TimeProvider>() ?? TimeProvider.System;
}
