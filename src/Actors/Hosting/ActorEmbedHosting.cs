using ActorEmbed.Actors.Inference;
using ActorEmbed.Actors.Router;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Inference;
using Akka.Actor;
using Akka.DependencyInjection;
using Akka.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ActorEmbed.Actors.Hosting;

/// <summary>
/// Adds ActorEmbed to an actor system: a router, its supervised inference actor with a thread of its own, and a health
/// check. Nothing is assumed about the host's configuration, and what it says wins.
/// </summary>
public static class ActorEmbedHosting
{
    /// <summary>
    /// Starts an instance. Ask its router, which the registry knows by the key <see cref="BatchRouterActor"/> (so
    /// <c>IRequiredActor&lt;BatchRouterActor&gt;</c> finds it).
    /// </summary>
    /// <param name="builder">The actor system's configuration.</param>
    /// <param name="configure">Sets the options; <see cref="ActorEmbedOptions.Model"/> is required.</param>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">A setting is wrong.</exception>
    public static AkkaConfigurationBuilder WithActorEmbed(this AkkaConfigurationBuilder builder, Action<ActorEmbedOptions> configure) =>
        builder.WithActorEmbed<BatchRouterActor>(configure);

    /// <inheritdoc cref="WithActorEmbed(AkkaConfigurationBuilder, Action{ActorEmbedOptions})"/>
    /// <param name="builder">The actor system's configuration.</param>
    /// <param name="configuration">A section with the properties of <see cref="ActorEmbedOptions"/>; another name in it is an error.</param>
    public static AkkaConfigurationBuilder WithActorEmbed(this AkkaConfigurationBuilder builder, IConfiguration configuration) =>
        builder.WithActorEmbed<BatchRouterActor>(configuration.BindStrictly);

    /// <summary>
    /// Starts one of several instances: each with its own model, queue and thread. Models that are to share one thread, so that
    /// they do not compete for cores, are added by name.
    /// </summary>
    /// <typeparam name="TKey">The registry's key of its router: any type, also an empty one made for this.</typeparam>
    /// <param name="builder">The actor system's configuration.</param>
    /// <param name="configure">Sets the options; <see cref="ActorEmbedOptions.Model"/> is required.</param>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">A setting is wrong.</exception>
    public static AkkaConfigurationBuilder WithActorEmbed<TKey>(this AkkaConfigurationBuilder builder, Action<ActorEmbedOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithInstance(InstanceKey.Of<TKey>(), configure);
    }

    /// <summary>
    /// Starts one of several models, each with a name and a queue of its own. They share one inference thread: batches of all
    /// of them run one at a time, and take turns. <see cref="ActorEmbedRouters.GetActorEmbedRouter"/> finds its router.
    /// </summary>
    /// <param name="builder">The actor system's configuration.</param>
    /// <param name="name">Its name, in any case.</param>
    /// <param name="configure">Sets the options; <see cref="ActorEmbedOptions.Model"/> is required.</param>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">A setting is wrong.</exception>
    public static AkkaConfigurationBuilder WithActorEmbed(this AkkaConfigurationBuilder builder, string name, Action<ActorEmbedOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithInstance(InstanceKey.Named(name), configure);
    }

    /// <summary>Starts an instance with a model that the caller loads; as the other overloads otherwise.</summary>
    /// <param name="builder">The actor system's configuration.</param>
    /// <param name="loadModel">
    /// Loads the model; called on a thread of its own, again after every failure. A
    /// <see cref="ModelLoadException"/> means that trying again will not help.
    /// </param>
    /// <param name="options">How requests are queued and batched; null takes the defaults.</param>
    /// <param name="time">Measures durations; null takes the system's clock.</param>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">A setting is out of range.</exception>
    public static AkkaConfigurationBuilder WithActorEmbed(
        this AkkaConfigurationBuilder builder,
        Func<IEmbeddingModel> loadModel,
        SchedulingOptions? options = null,
        TimeProvider? time = null)
    {
        options ??= new SchedulingOptions();
        options.Validate();
        return builder.WithInstance(InstanceKey.Default, _ => loadModel, loadTokenizer: null, options, time ?? TimeProvider.System);
    }

    /// <summary>The settings of the inference thread, under the name of an instance; the host's own win.</summary>
    internal static AkkaConfigurationBuilder WithInferenceDispatcher(this AkkaConfigurationBuilder builder, string name)
    {
        var hocon = EmbeddedHocon("inference-dispatcher.conf");
        return builder.AddHocon(
            name == InstanceName.SharedDispatcher ? hocon : $"{hocon}\n{name} = ${{{InstanceName.SharedDispatcher}}}", HoconAddMode.Append);
    }

    /// <summary>What loads the model: the host's own source where it has one, as its tests may.</summary>
    /// <exception cref="ModelLoadException">The host has named what is no model.</exception>
    internal static Func<IEmbeddingModel> ModelSource(IDependencyResolver services, InstanceKey key, Func<LoadContext, Func<IEmbeddingModel>> open) =>
        HostsSource(services, key) is { } source ? source.Load : open(LoadContext.Of(services));

    internal static string EmbeddedHocon(string name)
    {
        using var stream = typeof(ActorEmbedHosting).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>One for the model of this name wins over one for all of them.</summary>
    private static IEmbeddingModelSource? HostsSource(IDependencyResolver services, InstanceKey key) =>
        (key.Name is { } name ? services.GetService<IServiceProvider>()?.GetKeyedService<IEmbeddingModelSource>(name) : null)
        ?? services.GetService<IEmbeddingModelSource>();

    private static AkkaConfigurationBuilder WithInstance(this AkkaConfigurationBuilder builder, InstanceKey key, Action<ActorEmbedOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var options = new ActorEmbedOptions();
        configure(options);
        options.Validate();
        return builder.WithInstance(key, options.Open, options.LoadTokenizer, options.Scheduling, TimeProvider.System, options.MetricsName);
    }

    private static AkkaConfigurationBuilder WithInstance(
        this AkkaConfigurationBuilder builder,
        InstanceKey key,
        Func<LoadContext, Func<IEmbeddingModel>> open,
        Func<EmbeddingTokenizer>? loadTokenizer,
        SchedulingOptions options,
        TimeProvider time,
        string? metricsName = null)
    {
        var name = InstanceName.Of(key);
        return builder
            .WithInferenceDispatcher(name.Dispatcher)
            .WithHealthCheck(name.HealthCheck, new ActorEmbedHealthCheck(key), HealthStatus.Unhealthy, ["akka", "actorembed", "ready"])
            .WithActors((system, registry, services) =>
            {
                var loadModel = LoadedModels.Of(system).Noting(key, ModelSource(services, key, open));
                RequestTimeouts.Of(system).Set(key, options.RequestTimeout);
                if (HostsSource(services, key) is { } source)
                    InstanceTokenizers.Of(system).Set(key, () => new EmbeddingTokenizer(source.Load()));
                else if (loadTokenizer is not null)
                    InstanceTokenizers.Of(system).Set(key, loadTokenizer);
                var workers = new LocalWorkers
                {
                    ChildProps = router => InferenceSupervision.SupervisorProps(loadModel, router, options, name.Dispatcher),
                    Thread = InferenceThreads.Of(system, name.Dispatcher),
                    ModelName = metricsName ?? key.Name,
                };
                IActorRef router;
                try
                {
                    router = system.ActorOf(BatchRouterActor.Props(options, workers, time), name.Router);
                }
                catch (InvalidActorNameException e)
                {
                    throw new InvalidOperationException(
                        $"Two instances of ActorEmbed are {key}: each needs a name of its own, as in WithActorEmbed(name, ...), or a type, as in WithActorEmbed<TKey>.", e);
                }

                if (key.Type is { } type)
                    registry.TryRegister(type, router, overwrite: false);
                else
                    NamedRouters.Of(system).Set(key, router);
            });
    }
}
