using System.Text.Json;
using ActorEmbed.Actors.Messages;
using Akka.Actor;

namespace ActorEmbed.Api.Hosting;

/// <summary>
/// Tells the parent process how things stand: the ready line on standard output once the model can work, an exit with its
/// own code when inference has failed for good, or when the cluster went on without this node.
/// </summary>
/// <param name="system">The actors.</param>
/// <param name="lifetime">Stopped when there is nothing more to expect.</param>
/// <param name="standardOutput">Where the ready line goes.</param>
/// <param name="systemd">Is told when the ready line was written.</param>
/// <param name="log">Is told why the process ends.</param>
internal abstract class Lifecycle(
    ActorSystem system, IHostApplicationLifetime lifetime, TextWriter standardOutput, SystemdNotification systemd, ILogger log) : BackgroundService
{
    /// <summary>What the process should exit with once the host has stopped.</summary>
    public int ExitCode { get; private set; } = Api.ExitCode.Success;

    /// <summary>Who knows the state of the model that the ready line is about: its router, or the inference node.</summary>
    protected abstract IActorRef Actor { get; }

    /// <summary>Those of the other models, by their names.</summary>
    protected virtual IEnumerable<(string Name, IActorRef Actor)> Others => [];

    /// <summary>Actors that are being stopped have not failed: who stops them knows why.</summary>
    private bool IsStopping => CoordinatedShutdown.Get(system).ShutdownReason is not null;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        LeftCluster.Watch(system, lifetime, log, () =>
        {
            ExitCode = Api.ExitCode.LeftCluster;
            OnLeftCluster();
        });
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lifetime.ApplicationStopping);
        try
        {
            // The address is known only once everything has started.
            using var started = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token, lifetime.ApplicationStarted);
            await Task.Delay(Timeout.InfiniteTimeSpan, started.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            stopping.Token.ThrowIfCancellationRequested();
            await WatchAsync(stopping.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The process is being stopped: nothing is left to tell.
        }
        catch (Exception e)
        {
            // Nobody would hear of a failure any more: a server without this is one that no parent can trust.
            log.LogCritical(e, "The parent process can no longer be told how things stand; stopping");
            ExitCode = Api.ExitCode.Unexpected;
            lifetime.StopApplication();
        }
    }

    /// <summary>What the ready line says, as an object to be written as JSON.</summary>
    protected abstract object ReadyLine(ServiceStatus status);

    /// <summary>Inference has failed for good, and the process is about to stop.</summary>
    /// <param name="status">Why.</param>
    /// <param name="wasReady">Whether the ready line was written.</param>
    /// <param name="stoppingToken">Cancelled when it is stopped for another reason.</param>
    protected virtual Task OnFailedAsync(ServiceStatus status, bool wasReady, CancellationToken stoppingToken) => Task.CompletedTask;

    /// <summary>The cluster went on without this node, and the process is about to stop.</summary>
    protected virtual void OnLeftCluster()
    {
    }

    private async Task WatchAsync(CancellationToken stoppingToken)
    {
        // One that fails ends the process or does not; those that are left are watched on.
        var others = Others.Select(other => WatchOtherAsync(other, stoppingToken)).ToArray();
        await WatchFirstAsync(stoppingToken);
        await Task.WhenAll(others);
    }

    private async Task WatchFirstAsync(CancellationToken stoppingToken)
    {
        var isAnnounced = false;
        for (var state = ServiceState.Loading; state != ServiceState.Failed;)
        {
            var status = await Actor.Ask<ServiceStatus>(new AwaitStateChange(state), Timeout.InfiniteTimeSpan, stoppingToken);
            state = status.State;
            if (state == ServiceState.Ready && !isAnnounced)
            {
                Announce(status);
                isAnnounced = true;
            }

            if (state == ServiceState.Failed && !IsStopping)
                await EndAsync(status, isAnnounced, stoppingToken);
        }
    }

    /// <summary>
    /// A model that cannot be used is one less, and the others serve on. Inference that has failed for good ends the process,
    /// whichever model it was: a fresh one may cure it, and a thread that hangs is that of all.
    /// </summary>
    private async Task WatchOtherAsync((string Name, IActorRef Actor) other, CancellationToken stoppingToken)
    {
        for (var state = ServiceState.Loading; state != ServiceState.Failed;)
        {
            var status = await other.Actor.Ask<ServiceStatus>(new AwaitStateChange(state), Timeout.InfiniteTimeSpan, stoppingToken);
            state = status.State;
            if (state == ServiceState.Ready)
                StartupGarbage.Collect();
            if (state != ServiceState.Failed || IsStopping)
                continue;
            log.LogError("Model {Model} has failed for good: {Reason}", other.Name, status.Reason);
            if (!status.ModelIsUnusable)
                await EndAsync(status, wasReady: true, stoppingToken);
        }
    }

    private async Task EndAsync(ServiceStatus status, bool wasReady, CancellationToken stoppingToken)
    {
        ExitCode = status.ModelIsUnusable ? Api.ExitCode.BadModel : Api.ExitCode.InferenceFailed;
        await OnFailedAsync(status, wasReady, stoppingToken);
        lifetime.StopApplication();
    }

    private void Announce(ServiceStatus status)
    {
        standardOutput.WriteLine(JsonSerializer.Serialize(ReadyLine(status)));
        standardOutput.Flush();
        systemd.Ready();
        StartupGarbage.Collect();
    }
}
