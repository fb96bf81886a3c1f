using System.Text.Json;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Router;
using ActorEmbed.Api.Http.Safety;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace ActorEmbed.Api.Hosting;

/// <summary>
/// Tells the parent process how things stand: the ready line on standard output once the server can answer, an exit
/// with its own code when inference has failed for good.
/// </summary>
internal sealed class ServiceLifecycle(
    IRequiredActor<BatchRouterActor> router,
    ActorSystem system,
    IServer server,
    IHostApplicationLifetime lifetime,
    ServerOptions options,
    TextWriter standardOutput,
    SystemdNotification systemd,
    RequestDrain drain,
    TimeProvider time,
    ILogger<ServiceLifecycle> log) : IHostedService
{
    /// <summary>What the process should exit with once the host has stopped.</summary>
    public int ExitCode { get; private set; } = Api.ExitCode.Success;

    private Task _watching = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // The address is known only once everything has started.
        lifetime.ApplicationStarted.Register(() => _watching = WatchAsync(lifetime.ApplicationStopping));
        LeftCluster.Watch(system, lifetime, log, () =>
        {
            ExitCode = Api.ExitCode.LeftCluster;
            // Who asked actors that had ended would wait for their answer as long as a drain may take.
            drain.End();
        });
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => _watching.WaitAsync(cancellationToken);

    private async Task WatchAsync(CancellationToken stoppingToken)
    {
        try
        {
            var isAnnounced = false;
            for (var state = ServiceState.Loading; state != ServiceState.Failed;)
            {
                var status = await router.ActorRef.Ask<ServiceStatus>(
                    new AwaitStateChange(state), Timeout.InfiniteTimeSpan, stoppingToken);
                state = status.State;
                if (state == ServiceState.Ready && !isAnnounced)
                {
                    Announce(status);
                    isAnnounced = true;
                }

                if (state == ServiceState.Failed)
                    await ExitAsync(status, isAnnounced, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server is being stopped: nothing is left to tell.
        }
    }

    private void Announce(ServiceStatus status)
    {
        var url = server.Features.Get<IServerAddressesFeature>()!.Addresses.First();
        standardOutput.WriteLine(JsonSerializer.Serialize(new
        {
            @event = "ready",
            url = Reachable(url),
            model = status.Model!.ShortName,
            dim = status.Model.Dimensions,
            pid = Environment.ProcessId,
        }));
        standardOutput.Flush();
        systemd.Ready();
        StartupGarbage.Collect();
    }

    /// <summary>The address that a client on this machine takes: it cannot call "every address".</summary>
    private static string Reachable(string url) => url
        .Replace("//localhost", "//127.0.0.1", StringComparison.Ordinal)
        .Replace("//[::]", "//127.0.0.1", StringComparison.Ordinal)
        .Replace("//0.0.0.0", "//127.0.0.1", StringComparison.Ordinal)
        .Replace("http://unix:", "unix:", StringComparison.Ordinal);

    private async Task ExitAsync(ServiceStatus status, bool wasReady, CancellationToken stoppingToken)
    {
        ExitCode = status.ModelIsUnusable ? Api.ExitCode.BadModel : Api.ExitCode.InferenceFailed;
        // Nobody was told of this server yet when its model proved unusable at the start: no reason to linger.
        if (wasReady || !status.ModelIsUnusable)
            await Task.Delay(options.FailureExitDelay, time, stoppingToken);
        lifetime.StopApplication();
    }
}
