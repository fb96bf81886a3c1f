using Akka.Actor;

namespace ActorEmbed.Api.Hosting;

/// <summary>
/// Tells the two ends of a node apart: it was told to stop, or the cluster went on without it, which ends its actor
/// system from within.
/// </summary>
internal static class LeftCluster
{
    /// <param name="system">The node's actors.</param>
    /// <param name="lifetime">Stopped when the actors have ended.</param>
    /// <param name="onLeft">Called before the host stops because the actors have ended, and only then.</param>
    public static void Watch(ActorSystem system, IHostApplicationLifetime lifetime, Action onLeft)
    {
        // The cause is what had happened when the stop began. To look in a continuation of the end would be too late:
        // Akka.Hosting has one too, which stops the host, and either may be the first.
        lifetime.ApplicationStopping.Register(() =>
        {
            if (system.WhenTerminated.IsCompleted)
                onLeft();
        });
        system.WhenTerminated.ContinueWith(_ => lifetime.StopApplication(), TaskScheduler.Default);
    }
}
