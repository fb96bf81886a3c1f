using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace ActorEmbed.Client.Http;

/// <summary>Retries, then the address, then the time-out of one attempt, then the whole body, then the network.</summary>
internal static class HttpPipeline
{
    // Shorter than the keep-alive of any common server (uvicorn: 5 s), so that a request seldom meets a closing socket.
    private static readonly TimeSpan IdleConnection = TimeSpan.FromSeconds(4);

    /// <summary>The chain for a client that no container made.</summary>
    public static HttpClient Create(ActorEmbedClientOptions options, IServerAddress address, TimeProvider time)
    {
        var retries = new ResiliencePipelineBuilder<HttpResponseMessage>();
        RetryRules.AddRetries(retries, options, time);
        var timeout = new ResiliencePipelineBuilder<HttpResponseMessage>();
        RetryRules.AddTimeout(timeout, options, time);

        var client = new HttpClient(new ResilienceHandler(retries.Build())
        {
            InnerHandler = new AttemptHandler(address, options.Timeout)
            {
                InnerHandler = new ResilienceHandler(timeout.Build())
                {
                    InnerHandler = new BodyHandler { InnerHandler = CreateSocketsHandler(options) },
                },
            },
        });
        Configure(client);
        return client;
    }

    public static void Configure(HttpClient client)
    {
        // Only its host is replaced, by the address of each attempt.
        client.BaseAddress = new Uri("http://actorembed/");
        client.Timeout = Timeout.InfiniteTimeSpan;
    }

    public static SocketsHttpHandler CreateSocketsHandler(ActorEmbedClientOptions options) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        PooledConnectionIdleTimeout = IdleConnection,
        // A proxy from the environment means the internet; it cannot reach this machine's loopback address.
        UseProxy = !options.Address.IsLoopback,
    };
}
