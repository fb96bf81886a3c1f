using ActorEmbed.Client.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly;

namespace ActorEmbed.Client.Hosting;

/// <summary>A client among a host's services, with options, handlers and connections of its own.</summary>
/// <param name="key">The service's key; null for the one without.</param>
internal sealed class ClientRegistration(object? key)
{
    // Also the name of the logs that a host may set levels for.
    private const string HttpClientName = "ActorEmbed";

    private readonly string _httpClient = key is null ? HttpClientName : $"{HttpClientName}:{key}";

    public void AddTo(IServiceCollection services)
    {
        services.AddOptionsCheck<ActorEmbedClientOptions>(options => options.Failures());
        var http = services.AddHttpClient(_httpClient, HttpPipeline.Configure)
            // The client is a singleton; the handler's own limit on idle connections does what rotation would do.
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            // A call is one line of the log, and not one or more for each of its tries.
            .RemoveAllLoggers()
            .ConfigurePrimaryHttpMessageHandler(provider => HttpPipeline.CreateSocketsHandler(OptionsOf(provider)));
#pragma warning disable EXTEXP0001 // Retries that a host sets for all its clients would multiply with the contract's own.
        http.RemoveAllResilienceHandlers();
#pragma warning restore EXTEXP0001
        // Built here, as for a client without a container: the resilience handlers of a container log every try with its stack.
        http.AddHttpMessageHandler(provider => Handler(provider, RetryRules.AddRetries));
        http.AddHttpMessageHandler(provider =>
        {
            var options = OptionsOf(provider);
            return new AttemptHandler(Followed(provider, options)?.Address ?? new FixedAddress(options.Address), options.Timeout);
        });
        http.AddHttpMessageHandler(provider => Handler(provider, RetryRules.AddTimeout));
        http.AddHttpMessageHandler(() => new BodyHandler());
        services.AddKeyedSingleton(key, (provider, _) => Create(provider));
    }

    private ActorEmbedClient Create(IServiceProvider provider)
    {
        var options = OptionsOf(provider).Copy();
        var followed = Followed(provider, options);
        options.Token ??= followed?.Token;
        return new ActorEmbedClient(
            options, Time(provider), followed, provider.GetRequiredService<ILogger<ActorEmbedClient>>(),
            _ => provider.GetRequiredService<IHttpClientFactory>().CreateClient(_httpClient));
    }

    private ActorEmbedSidecar? Followed(IServiceProvider provider, ActorEmbedClientOptions options) =>
        options.BaseUrl is null ? provider.GetKeyedService<ActorEmbedSidecar>(key) : null;

    private ActorEmbedClientOptions OptionsOf(IServiceProvider provider) =>
        provider.GetRequiredService<IOptionsMonitor<ActorEmbedClientOptions>>().Get(OptionsName.Of(key));

    private ResilienceHandler Handler(
        IServiceProvider provider, Action<ResiliencePipelineBuilder<HttpResponseMessage>, ActorEmbedClientOptions, TimeProvider> add)
    {
        var pipeline = new ResiliencePipelineBuilder<HttpResponseMessage>();
        add(pipeline, OptionsOf(provider), Time(provider));
        return new ResilienceHandler(pipeline.Build());
    }

    private static TimeProvider Time(IServiceProvider provider) => provider.GetService<TimeProvider>() ?? TimeProvider.System;
}
