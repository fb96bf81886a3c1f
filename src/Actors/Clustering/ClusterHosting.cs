using ActorEmbed.Actors.Clustering.Wire;
using ActorEmbed.Actors.Hosting;
using ActorEmbed.Actors.Inference;
using ActorEmbed.Actors.Router;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Actors.WorkProtocol;
using ActorEmbed.Inference;
using Akka;
using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Event;
using Akka.Hosting;
using Akka.Remote.Hosting;

namespace ActorEmbed.Actors.Clustering;

/// <summary>
/// Spreads ActorEmbed over several nodes: routers take requests, inference nodes own a model each and ask the routers for
/// work.
/// </summary>
public static class ClusterHosting
{
    /// <summary>The role that members with a router carry.</summary>
    public const string RouterRole = "actorembed-router";

    /// <summary>The role that members with a model carry.</summary>
    public const string InferenceRole = "actorembed-inference";

    /// <summary>Name of the router's actor: workers know it by its path.</summary>
    internal const string RouterName = InstanceName.DefaultRouter;

    private const string NodeName = "inference-node";
    private const string FrameSizeSetting = "akka.remote.dot-netty.tcp.maximum-frame-size";

    // Shorter than the phase that it runs in (hocon/cluster.conf), longer than a batch may take by default.
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(32);

    /// <summary>
    /// Remoting, membership, security and split-brain resolver of an actor system that is made for ActorEmbed. A host
    /// that is in a cluster already does without this: it gives its nodes <see cref="RouterRole"/> and
    /// <see cref="InferenceRole"/> and sees to frames that are large enough.
    /// </summary>
    /// <param name="builder">The actor system's configuration.</param>
    /// <param name="systemName">The actor system's name; the same on all nodes.</param>
    /// <param name="cluster">How this node takes part.</param>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">A setting is wrong.</exception>
    public static AkkaConfigurationBuilder WithActorEmbedClustering(this AkkaConfigurationBuilder builder, string systemName, ClusterOptions cluster)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        cluster.Validate();
        var protocol = cluster.IsSecured ? "akka.ssl.tcp" : "akka.tcp";
        return builder
            .AddHocon(ActorEmbedHosting.EmbeddedHocon("cluster.conf"), HoconAddMode.Prepend)
            .WithRemoting(Remoting(cluster))
            .WithClustering(new Akka.Cluster.Hosting.ClusterOptions
            {
                Roles = [.. RolesOf(cluster.Roles)],
                SeedNodes = [.. cluster.SeedNodes.Select(seed => $"{protocol}://{systemName}@{seed}")],
            })
            .AddStartup((system, _) =>
            {
                if (cluster.IsExposed && !cluster.IsSecured)
                    Logging.GetLogger(system, typeof(ClusterHosting)).Warning("The cluster port is open on {Address} without a secret: whoever reaches it can take part. Set a cluster secret, or shut the port off by other means.", cluster.BindAddress);
                // A node without seeds founds a cluster.
                if (cluster.SeedNodes.Count == 0)
                    Akka.Cluster.Cluster.Get(system).Join(Akka.Cluster.Cluster.Get(system).SelfAddress);
            });
    }

    /// <summary>
    /// Starts a router whose workers are the inference nodes of the cluster. The registry knows it by the key
    /// <see cref="BatchRouterActor"/>, so that everything above it is as in one process. Where several models are expected
    /// (<see cref="ClusterOptions.ExpectedModels"/>), that is the router of the first; <see cref="ActorEmbedRouters.GetActorEmbedRouter"/>
    /// finds each by the name under which it is expected.
    /// </summary>
    /// <param name="builder">The actor system's configuration; the node has <see cref="RouterRole"/>.</param>
    /// <param name="cluster">How losses are dealt with.</param>
    /// <param name="scheduling">How requests are queued and batched; null takes the defaults.</param>
    /// <param name="time">Measures durations; null takes the system's clock.</param>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">A setting is wrong.</exception>
    public static AkkaConfigurationBuilder WithActorEmbedRouter(
        this AkkaConfigurationBuilder builder, ClusterOptions cluster, SchedulingOptions? scheduling = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        scheduling ??= new SchedulingOptions();
        cluster.Validate();
        scheduling.Validate();
        return builder
            .WithClusterSerializer()
            .WithHealthCheck("actorembed", new Hosting.ActorEmbedHealthCheck(InstanceKey.Default), tags: ["akka", "actorembed", "ready"])
            .WithActors((system, registry) =>
            {
                var frameBytes = system.Settings.Config.GetByteSize(FrameSizeSetting) ?? cluster.MaxFrameBytes;
                RequestTimeouts.Of(system).Set(InstanceKey.Default, scheduling.RequestTimeout);
                if (cluster.ExpectedModels.Count <= 1)
                {
                    registry.Register<BatchRouterActor>(StartRouter(cluster.ExpectedModels.FirstOrDefault() ?? cluster.ExpectedModel, RouterName, metricsName: null));
                    return;
                }

                var routers = cluster.ExpectedModels.Select(name =>
                {
                    var key = InstanceKey.Named(name);
                    var router = StartRouter(name, InstanceName.Of(key).Router, name);
                    RequestTimeouts.Of(system).Set(key, scheduling.RequestTimeout);
                    NamedRouters.Of(system).Set(key, router);
                    return (new ExpectedModel(name, cluster.ExpectedPrecision), router);
                }).ToArray();
                registry.Register<BatchRouterActor>(routers[0].router);
                system.ActorOf(ModelFrontActor.Props(routers), RouterName);

                IActorRef StartRouter(string? expected, string actorName, string? metricsName)
                {
                    var workers = new RemoteWorkers(frameBytes, cluster.MaxLosses, cluster.ShortestPatience)
                    {
                        ChildProps = ClusterWatchActor.Props,
                        Expected = new ExpectedModel(expected, cluster.ExpectedPrecision),
                        ModelName = metricsName,
                    };
                    return system.ActorOf(BatchRouterActor.Props(scheduling, workers, time ?? TimeProvider.System), actorName);
                }
            });
    }

    /// <summary>
    /// Starts an inference node: a model that works for all routers of the cluster. The registry knows it by the key
    /// <see cref="InferenceNode"/>; it answers <see cref="Messages.GetStatus"/> and <see cref="Messages.AwaitStateChange"/>.
    /// When the actor system is stopped in order, it first finishes what it has.
    /// </summary>
    /// <param name="builder">The actor system's configuration; the node has <see cref="InferenceRole"/>.</param>
    /// <param name="cluster">How it announces itself.</param>
    /// <param name="loadModel">Loads the model; called on a thread of its own, again after every failure.</param>
    /// <param name="scheduling">When a batch counts as hung, and how failures are counted; null takes the defaults.</param>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">A setting is wrong.</exception>
    public static AkkaConfigurationBuilder WithActorEmbedWorker(
        this AkkaConfigurationBuilder builder, ClusterOptions cluster, Func<IEmbeddingModel> loadModel, SchedulingOptions? scheduling = null) =>
        builder.WithActorEmbedWorker(cluster, NodeName, InstanceKey.Default, loadModel, scheduling);

    /// <summary>
    /// Adds a further model to an inference node. Its batches and those of the others run one at a time, in turn;
    /// <see cref="ActorEmbedRouters.GetActorEmbedInferenceNode"/> finds the actor that tells its state.
    /// </summary>
    /// <inheritdoc cref="WithActorEmbedWorker(AkkaConfigurationBuilder, ClusterOptions, Func{IEmbeddingModel}, SchedulingOptions?)"/>
    /// <param name="builder">The actor system's configuration; the node has <see cref="InferenceRole"/>.</param>
    /// <param name="cluster">How it announces itself.</param>
    /// <param name="name">Tells it from the node's others, in any case.</param>
    /// <param name="loadModel">Loads the model; called on a thread of its own, again after every failure.</param>
    /// <param name="scheduling">When a batch counts as hung, and how failures are counted; null takes the defaults.</param>
    public static AkkaConfigurationBuilder WithActorEmbedWorker(
        this AkkaConfigurationBuilder builder, ClusterOptions cluster, string name, Func<IEmbeddingModel> loadModel, SchedulingOptions? scheduling = null) =>
        builder.WithActorEmbedWorker(cluster, $"{NodeName}-{Uri.EscapeDataString(InstanceKey.Named(name).Name!)}", InstanceKey.Named(name), loadModel, scheduling);

    private static AkkaConfigurationBuilder WithActorEmbedWorker(
        this AkkaConfigurationBuilder builder, ClusterOptions cluster, string actorName, InstanceKey key, Func<IEmbeddingModel> loadModel, SchedulingOptions? scheduling)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        scheduling ??= new SchedulingOptions();
        cluster.Validate();
        scheduling.Validate();
        return builder
            .WithClusterSerializer()
            .WithInferenceDispatcher(InstanceName.SharedDispatcher)
            .WithActors((system, registry, services) =>
            {
                var load = ActorEmbedHosting.ModelSource(services, key, _ => loadModel);
                var node = system.ActorOf(
                    InferenceNodeActor.Props(cluster, scheduling, router => InferenceSupervision.SupervisorProps(load, router, scheduling, InstanceName.SharedDispatcher), InferenceThreads.Of(system, InstanceName.SharedDispatcher), TimeProvider.System),
                    NodeIncarnation.NameIn(actorName, Akka.Cluster.Cluster.Get(system).SelfUniqueAddress.Uid));
                if (key == InstanceKey.Default)
                    registry.Register<InferenceNode>(node);
                else
                    NamedRouters.Of(system).Set(key.ForNode(), node);
                CoordinatedShutdown.Get(system).AddTask(
                    CoordinatedShutdown.PhaseBeforeServiceUnbind, $"finish-batches of {actorName}", () => DrainAsync(node));
            });
    }

    internal static IEnumerable<string> RolesOf(ClusterRoles roles)
    {
        if (roles.HasFlag(ClusterRoles.Router))
            yield return RouterRole;
        if (roles.HasFlag(ClusterRoles.Inference))
            yield return InferenceRole;
    }

    private static async Task<Done> DrainAsync(IActorRef node)
    {
        using var leaving = new CancellationTokenSource();
        var stopped = node.WatchAsync(leaving.Token);
        var drained = node.Ask<Done>(InferenceNodeActor.Drain.Instance, DrainTimeout, leaving.Token);
        // One that has stopped has nothing, and answers nothing. What one could not finish in time is given to another.
        await Task.WhenAny(stopped, drained).ConfigureAwait(false);
        await leaving.CancelAsync().ConfigureAwait(false);
        return Done.Instance;
    }

    private static AkkaConfigurationBuilder WithClusterSerializer(this AkkaConfigurationBuilder builder) =>
        builder.WithCustomSerializer(ClusterSerializer.Name, ClusterSerializer.Messages, system => new ClusterSerializer(system));

    private static RemoteOptions Remoting(ClusterOptions cluster) => new()
    {
        HostName = cluster.BindAddress,
        Port = cluster.Port,
        PublicHostName = cluster.Advertise,
        MaxFrameSize = cluster.MaxFrameBytes,
        EnableSsl = cluster.IsSecured,
        Ssl = Tls(cluster),
    };

    private static SslOptions Tls(ClusterOptions cluster) => cluster switch
    {
        { Secret: { } secret } => new SslOptions
        {
            X509Certificate = SharedSecretTls.CreateCertificate(secret),
            RequireMutualAuthentication = true,
            ValidateCertificateHostname = false,
            CustomValidator = (certificate, _, _, _, _) => SharedSecretTls.IsTrusted(certificate, secret),
        },
        { CertificateFile: not null } => CertificateTls(cluster),
        _ => new SslOptions(),
    };

    private static SslOptions CertificateTls(ClusterOptions cluster)
    {
        var authorities = cluster.LoadAuthorities();
        string[] fingerprints = [.. cluster.TrustedFingerprints];
        return new SslOptions
        {
            X509Certificate = cluster.LoadCertificate(),
            RequireMutualAuthentication = true,
            // Whose it is says more than for which host: nodes have addresses that nobody issues certificates for.
            ValidateCertificateHostname = false,
            CustomValidator = (certificate, _, _, _, _) => CertificateTrust.IsTrusted(certificate, fingerprints, authorities),
        };
    }
}
