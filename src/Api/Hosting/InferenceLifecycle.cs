using System.Text.Json;
using ActorEmbed.Actors.Clustering;
using ActorEmbed.Actors.Messages;
using Akka.Actor;
using Akka.Hosting;

namespace ActorEmbed.Api.Hosting;

/// <summary>
/// Tells the parent process of an inference node how things stand: the ready line once its model can work, an exit with
/// its own code when inference has failed for good. Where the cluster has taken the node out, the code says so to
/// <see cref="InferenceApplication"/>, which joins again.
/// </summary>
internal sealed class InferenceLifecycle(
    IRequiredActor<InferenceNode> node,
    ActorSystem system,
    IHostApplicationLifetime lifetime,
    TextWriter standardOutput,
    SystemdNotification systemd,
    ILogger<InferenceLifecycle> log) : IHostedService
{
    private Task _watching = Task.CompletedTask;

    /// <summary>What the process should exit with once the host has stopped.</summary>
    public int ExitCode { get; private set; } = Api.ExitCode.Success;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(() => _watching = WatchAsync(lifetime.ApplicationStopping));
        LeftCluster.Watch(system, lifetime, log, () => ExitCode = Api.ExitCode.LeftCluster);
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
                var status = await node.ActorRef.Ask<ServiceStatus>(new AwaitStateChange(state), Timeout.InfiniteTimeSpan, stoppingToken);
                state = status.State;
                if (state == ServiceState.Ready && !isAnnounced)
                {
                    Announce(status);
                    isAnnounced = true;
                }

                if (state == ServiceState.Failed)
                {
                    ExitCode = status.ModelIsUnusable ? Api.ExitCode.BadModel : Api.ExitCode.InferenceFailed;
                    lifetime.StopApplication();
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node is being stopped: nothing is left to tell.
        }
    }

    private void Announce(ServiceStatus status)
    {
        var address = Akka.Cluster.Cluster.Get(system).SelfAddress;
        standardOutput.WriteLine(JsonSerializer.Serialize(new
        {
            @event = "ready",
            role = "inference",
            address = $"{address.Host}:{address.Port}",
            model = status.Model!.ShortName,
            dim = status.Model.Dimensions,
            pid = Environment.ProcessId,
        }));
        standardOutput.Flush();
        systemd.Ready();
        StartupGarbage.Collect();
    }
}
