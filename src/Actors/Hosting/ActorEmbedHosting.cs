using ActorEmbed.Actors.Inference;
using ActorEmbed.Actors.Router;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Inference;
using Akka.Actor;
using Akka.DependencyInjection;
using Akka.Hosting;
using Microsoft.Extensions.Configuration;
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
    /// Starts one of several instances: each with its own model, queue and thread.
    /// </summary>
    /// <typeparam name="TKey">The registry's key of its router: any type, also an empty one made for this.</typeparam>
    /// <param name="builder">The actor system's configuration.</param>
    /// <param name="configure">Sets the options; <see cref="ActorEmbedOptions.Model"/> is required.</param>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">A setting is wrong.</exception>
    public static AkkaConfigurationBuilder WithActorEmbed<TKey>(this AkkaConfigurationBuilder builder, Action<ActorEmbedOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new ActorEmbedOptions();
        configure(options);
        options.Validate();
        return builder.WithInstance<TKey>(options.Open, options.LoadTokenizer, options.Scheduling, TimeProvider.System);
    }

    /// <summary>Starts an instance with a model that the caller loads; as the other overloads otherwise.</summary>
    /// <param name="builder">The actor system's configuration.</param>
    /// <param name="loadModel">
    /// Loads the model; called on the inference thread, again after every failure. A
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
        return builder.WithInstance<BatchRouterActor>(_ => loadModel, loadTokenizer: null, options, time ?? TimeProvider.System);
    }

    /// <summary>The settings of the inference thread, under the name of an instance; the host's own win.</summary>
    internal static AkkaConfigurationBuilder WithInferenceDispatcher(this AkkaConfigurationBuilder builder, string name)
    {
        const string declared = "actorembed.inference-dispatcher";
        var hocon = EmbeddedHocon("inference-dispatcher.conf");
        return builder.AddHocon(name == declared ? hocon : $"{hocon}\n{name} = ${{{declared}}}", HoconAddMode.Append);
    }

    /// <summary>What loads the model: the host's own source where it has one, as its tests may.</summary>
    /// <exception cref="ModelLoadException">The host has named what is no model.</exception>
    internal static Func<IEmbeddingModel> ModelSource(IDependencyResolver services, Func<LoadContext, Func<IEmbeddingModel>> open) =>
        services.GetService<IEmbeddingModelSource>() is { } source ? source.Load : open(LoadContext.Of(services));

    internal static string EmbeddedHocon(string name)
    {
        using var stream = typeof(ActorEmbedHosting).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static AkkaConfigurationBuilder WithInstance<TKey>(
        this AkkaConfigurationBuilder builder,
        Func<LoadContext, Func<IEmbeddingModel>> open,
        Func<EmbeddingTokenizer>? loadTokenizer,
        SchedulingOptions options,
        TimeProvider time)
    {
        var name = InstanceName.Of<TKey>();
        return builder
            .WithInferenceDispatcher(name.Dispatcher)
            .WithHealthCheck(name.HealthCheck, new ActorEmbedHealthCheck(typeof(TKey)), HealthStatus.Unhealthy, ["akka", "actorembed", "ready"])
            .WithActors((system, registry, services) =>
            {
                var loadModel = LoadedModels.Of(system).Noting<TKey>(ModelSource(services, open));
                RequestTimeouts.Of(system).Set<TKey>(options.RequestTimeout);
                if (services.GetService<IEmbeddingModelSource>() is { } source)
                    InstanceTokenizers.Of(system).Set<TKey>(() => new EmbeddingTokenizer(source.Load()));
                else if (loadTokenizer is not null)
                    InstanceTokenizers.Of(system).Set<TKey>(loadTokenizer);
                var workers = new LocalWorkers { ChildProps = router => InferenceSupervision.SupervisorProps(loadModel, router, options, name.Dispatcher) };
                try
                {
                    registry.Register<TKey>(system.ActorOf(BatchRouterActor.Props(options, workers, time), name.Router));
                }
                catch (InvalidActorNameException e)
                {
                    throw new InvalidOperationException(
                        $"Two instances of ActorEmbed have a key named {typeof(TKey).Name}: each needs a type with a name of its own, as in WithActorEmbed<TKey>.", e);
                }
            });
    }
}
