using ActorEmbed.Actors.Clustering;
using ActorEmbed.Actors.Hosting;
using ActorEmbed.Api.Hosting.Models;
using Akka.Hosting;
using Akka.Hosting.Logging;

namespace ActorEmbed.Api.Hosting;

/// <summary>The actors of the server: all in this process, or this node's part of a cluster.</summary>
internal static class ServerActors
{
    /// <summary>Name of the actor system, the same on all nodes.</summary>
    public const string SystemName = "actorembed";

    // How often timers are looked at. Deadlines and pauses are seconds, so that half a second late is in time. Of each second an
    // idle server spends 46 ms on all it does with 10 ms, the default, 5.5 with 100 and 1.5 with 500.
    private const string AloneTick = "500ms";

    // Heartbeats go out every second and are missed after a few.
    private const string ClusterTick = "100ms";

    public static AkkaConfigurationBuilder WithServerActors(
        this AkkaConfigurationBuilder akka, IServiceProvider services, ServerOptions options, IReadOnlyList<ModelToServe> models, CancellationToken stopping)
    {
        akka.AddSetup(new LoggerFactorySetup(services.GetRequiredService<ILoggerFactory>()))
            .ConfigureLoggers(loggers =>
            {
                loggers.ClearLoggers();
                loggers.AddLogger<AkkaLogger>();
                loggers.LogLevel = Akka.Event.LogLevel.InfoLevel;
            })
            .AddHocon($"akka.scheduler.tick-duration = {(options.Cluster is null ? AloneTick : ClusterTick)}", HoconAddMode.Prepend)
            // The host stops the actors, in its own order and time.
            .AddHocon("akka.coordinated-shutdown.run-by-clr-shutdown-hook = off", HoconAddMode.Prepend)
            .AddHocon($"akka.stdout-logger-class = \"{typeof(ErrorOutputLogger).AssemblyQualifiedName}\"", HoconAddMode.Prepend);
        if (options.Cluster is not { } cluster)
        {
            // All requests are answered by then. A batch that nobody waits for may finish, a hanging one is left behind.
            akka.AddHocon("akka.coordinated-shutdown.phases.actor-system-terminate.timeout = 3s", HoconAddMode.Prepend);
            akka.WithActorEmbed(embed => Configure(embed, models[0], models.Count > 1 ? models[0].Label : null));
            foreach (var model in models.Skip(1))
                akka.WithActorEmbed(model.Label, embed => Configure(embed, model, model.Label));
            return akka;
        }

        // No type that has no serializer of its own is sent or read: what comes from the port makes no object of its choice.
        akka.WithActorEmbedClustering(SystemName, cluster).WithStrictSerialization().AddHocon(NoJsonSerializer.Hocon, HoconAddMode.Prepend);
        if (cluster.Roles.HasFlag(ClusterRoles.Router))
            akka.WithActorEmbedRouter(cluster, options.ToSchedulingOptions());
        if (cluster.Roles.HasFlag(ClusterRoles.Inference))
        {
            akka.WithActorEmbedWorker(cluster, () => models[0].Load(stopping), options.ToSchedulingOptions());
            foreach (var model in models.Skip(1))
                akka.WithActorEmbedWorker(cluster, model.Label, () => model.Load(stopping), options.ToSchedulingOptions());
        }

        return akka;

        void Configure(ActorEmbedOptions embed, ModelToServe model, string? metricsName)
        {
            embed.LoadModel = () => model.Load(stopping);
            embed.Scheduling = options.ToSchedulingOptions();
            embed.MetricsName = metricsName;
        }
    }
}
