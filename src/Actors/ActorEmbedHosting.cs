using ActorEmbed.Inference;
using Akka.Configuration;
using Akka.Hosting;

namespace ActorEmbed.Actors;

/// <summary>Adds ActorEmbed to an actor system.</summary>
public static class ActorEmbedHosting
{
    /// <summary>
    /// Starts the router and its supervised inference actor. Ask the router, which the registry knows by the key
    /// <see cref="BatchRouterActor"/> (so <c>IRequiredActor&lt;BatchRouterActor&gt;</c> finds it).
    /// </summary>
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
        return builder
            .AddHocon(EmbeddedHocon("inference-dispatcher.conf"), HoconAddMode.Append)
            .WithActors((system, registry) => registry.Register<BatchRouterActor>(system.ActorOf(
                BatchRouterActor.Props(options, router => InferenceSupervision.SupervisorProps(loadModel, router, options), time ?? TimeProvider.System),
                "embedding-router")));
    }

    private static Config EmbeddedHocon(string name)
    {
        using var stream = typeof(ActorEmbedHosting).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return ConfigurationFactory.ParseString(reader.ReadToEnd());
    }
}
