using Akka.Actor;

namespace ActorEmbed.Api.Hosting;

/// <summary>
/// Tells the two ends of a node apart: it was told to stop, or the cluster went on without it, which ends its actor
/// system from within.
/// </summary>
internal static class LeftCluster
{
    // Akka ends a system whose connection to another node fails in TLS. The type of the reason is internal to it.
    private const string TlsFailure = "TlsHandshakeFailureReason";

    /// <param name="system">The node's actors.</param>
    /// <param name="lifetime">Stopped when the actors have ended.</param>
    /// <param name="log">Is told why.</param>
    /// <param name="onLeft">Called before the host stops because the actors have ended, and only then.</param>
    public static void Watch(ActorSystem system, IHostApplicationLifetime lifetime, ILogger log, Action onLeft)
    {
        var shutdown = CoordinatedShutdown.Get(system);
        // The cause is what had happened when the stop began. To look in a continuation of the end would be too late:
        // Akka.Hosting has one too, which stops the host, and either may be the first.
        lifetime.ApplicationStopping.Register(() =>
        {
            if (!system.WhenTerminated.IsCompleted || IsFailedStart(lifetime, shutdown.ShutdownReason))
                return;
            log.LogError("This node is out of the cluster: {Why}", Why(shutdown.ShutdownReason));
            onLeft();
        });
        system.WhenTerminated.ContinueWith(_ => lifetime.StopApplication(), TaskScheduler.Default);
    }

    /// <summary>A start that fails ends the actors too, from without; it is told in one line by who started it.</summary>
    private static bool IsFailedStart(IHostApplicationLifetime lifetime, CoordinatedShutdown.Reason? reason) =>
        !lifetime.ApplicationStarted.IsCancellationRequested
        && reason is not (CoordinatedShutdown.ClusterDowningReason or CoordinatedShutdown.ClusterLeavingReason or CoordinatedShutdown.ClusterJoinUnsuccessfulReason)
        && reason?.GetType().Name != TlsFailure;

    private static string Why(CoordinatedShutdown.Reason? reason) => reason?.GetType().Name == TlsFailure
        ? "a node that it connected to does not have the same cluster secret, or has no valid certificate"
        : "the others have gone on without it";
}
