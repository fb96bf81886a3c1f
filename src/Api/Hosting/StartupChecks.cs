using ActorEmbed.Api.Configuration;

namespace ActorEmbed.Api.Hosting;

/// <summary>What has to be seen to before the server listens; registered before the server itself.</summary>
internal sealed class StartupChecks(ServerOptions options, ILogger<StartupChecks> log) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        Listening.ClearStaleSocket(options);
        if (options.Socket is null && options.ApiKey is null && !ListenAddress.IsLoopback(options.Address))
        {
            log.LogWarning(
                "Listening on {Address} without an API key: whoever reaches this machine can use the server. Set ACTOREMBED_API_KEY, or listen on localhost",
                options.Address);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
