using ActorEmbed.Api.Configuration;

namespace ActorEmbed.Api.Hosting;

/// <summary>Says what whoever started the server should know once it listens; a start that fails has nothing but its reason to tell.</summary>
internal sealed class StartupChecks(ServerOptions options, ILogger<StartupChecks> log) : IHostedLifecycleService
{
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        if (options.Socket is null && options.ApiKey is null && !ListenAddress.IsLoopback(options.Address))
        {
            log.LogWarning(
                "Listening on {Address} without an API key: whoever reaches this machine can use the server. Set ACTOREMBED_API_KEY, or listen on localhost",
                options.Address);
        }

        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
