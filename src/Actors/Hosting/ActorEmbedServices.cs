using ActorEmbed.Actors.Router;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Inference;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.ML.Tokenizers;

namespace ActorEmbed.Actors.Hosting;

/// <summary>Adds ActorEmbed to a host's services.</summary>
public static class ActorEmbedServices
{
    /// <summary>
    /// For a host without Akka.NET: starts an actor system with one instance, and registers its
    /// <c>IEmbeddingGenerator&lt;string, Embedding&lt;float&gt;&gt;</c>.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The generator's builder, to add caching, logging or telemetry.</returns>
    /// <exception cref="InvalidOperationException">The host has an actor system already.</exception>
    public static EmbeddingGeneratorBuilder<string, Embedding<float>> AddActorEmbed(this IServiceCollection services, Action<ActorEmbedOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        InstancesOf(services).Add(InstanceKey.Default, akka => akka.WithActorEmbed(configure));
        return services.AddActorEmbedGenerator();
    }

    /// <summary>
    /// The same for one of several models, each with a name: they share an actor system and its inference thread, and take
    /// turns on it. May be called several times, also beside the call without a name.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="name">Its name, in any case; the generator's service key, as in <c>[FromKeyedServices(name)]</c>.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The generator's builder, to add caching, logging or telemetry.</returns>
    /// <exception cref="InvalidOperationException">The host has an actor system of its own, or a model with this name.</exception>
    public static EmbeddingGeneratorBuilder<string, Embedding<float>> AddActorEmbed(this IServiceCollection services, string name, Action<ActorEmbedOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        InstancesOf(services).Add(InstanceKey.Named(name), akka => akka.WithActorEmbed(name, configure));
        return services.AddActorEmbedGenerator(name);
    }

    /// <inheritdoc cref="AddActorEmbed(IServiceCollection, string, Action{ActorEmbedOptions})"/>
    /// <param name="services">The host's services.</param>
    /// <param name="name">Its name, in any case; the generator's service key, as in <c>[FromKeyedServices(name)]</c>.</param>
    /// <param name="configuration">A section with the properties of <see cref="ActorEmbedOptions"/>.</param>
    public static EmbeddingGeneratorBuilder<string, Embedding<float>> AddActorEmbed(this IServiceCollection services, string name, IConfiguration configuration) =>
        services.AddActorEmbed(name, configuration.BindStrictly);

    /// <summary><inheritdoc cref="AddActorEmbed(IServiceCollection, Action{ActorEmbedOptions})" path="/summary"/></summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">A section with the properties of <see cref="ActorEmbedOptions"/>.</param>
    /// <returns>The generator's builder, to add caching, logging or telemetry.</returns>
    /// <remarks>A name in the section that is no setting fails the host's start, as a value that cannot be read does.</remarks>
    public static EmbeddingGeneratorBuilder<string, Embedding<float>> AddActorEmbed(this IServiceCollection services, IConfiguration configuration) =>
        services.AddActorEmbed(configuration.BindStrictly);

    /// <summary>
    /// Registers <c>IEmbeddingGenerator&lt;string, Embedding&lt;float&gt;&gt;</c> over the router that <c>WithActorEmbed</c>
    /// starts. What the router rejects becomes an <see cref="EmbeddingRejectedException"/>. A call's options may name
    /// the model that is expected and how many dimensions are wanted; the additional properties <c>normalize</c> and
    /// <c>truncate</c> (bool, both true by default) say whether vectors are scaled to length 1, and whether texts that are
    /// too long are cut.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="timeout">Of each call; null takes the instance's <see cref="SchedulingOptions.RequestTimeout"/>; more than a day means no limit.</param>
    /// <returns>The generator's builder, to add caching, logging or telemetry.</returns>
    /// <remarks>
    /// The model's tokenizer is registered beside it, as <see cref="EmbeddingTokenizer"/> and as <see cref="Tokenizer"/>, and
    /// loaded when the host first asks for it.
    /// </remarks>
    public static EmbeddingGeneratorBuilder<string, Embedding<float>> AddActorEmbedGenerator(this IServiceCollection services, TimeSpan? timeout = null)
    {
        services.TryAddSingleton(provider => TokenizerOf(provider, InstanceKey.Default));
        services.TryAddSingleton<Tokenizer>(provider => provider.GetRequiredService<EmbeddingTokenizer>());
        return services.AddEmbeddingGenerator(provider => Generator(provider, InstanceKey.Default, RouterOf.FindAsync<BatchRouterActor>, timeout));
    }

    /// <summary>
    /// The same for a model that <c>WithActorEmbed</c> was given by name, as keyed services.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="name">Its name, and the service's key, as in <c>[FromKeyedServices(name)]</c>.</param>
    /// <param name="timeout">Of each call; null takes the instance's <see cref="SchedulingOptions.RequestTimeout"/>; more than a day means no limit.</param>
    /// <returns>The generator's builder, to add caching, logging or telemetry.</returns>
    public static EmbeddingGeneratorBuilder<string, Embedding<float>> AddActorEmbedGenerator(this IServiceCollection services, string name, TimeSpan? timeout = null)
    {
        var key = InstanceKey.Named(name);
        return services.AddKeyedGenerator(name, key, (provider, cancellation) => RouterOf.FindAsync(provider, key, cancellation), timeout);
    }

    /// <summary>
    /// The same for an instance with a key of its own, as keyed services.
    /// </summary>
    /// <typeparam name="TKey">The key that <c>WithActorEmbed&lt;TKey&gt;</c> was given.</typeparam>
    /// <param name="services">The host's services.</param>
    /// <param name="serviceKey">The service's key, as in <c>[FromKeyedServices(serviceKey)]</c>.</param>
    /// <param name="timeout">Of each call; null takes the instance's <see cref="SchedulingOptions.RequestTimeout"/>; more than a day means no limit.</param>
    /// <returns>The generator's builder, to add caching, logging or telemetry.</returns>
    public static EmbeddingGeneratorBuilder<string, Embedding<float>> AddActorEmbedGenerator<TKey>(this IServiceCollection services, object serviceKey, TimeSpan? timeout = null) =>
        services.AddKeyedGenerator(serviceKey, InstanceKey.Of<TKey>(), RouterOf.FindAsync<TKey>, timeout);

    private static EmbeddingGeneratorBuilder<string, Embedding<float>> AddKeyedGenerator(
        this IServiceCollection services, object serviceKey, InstanceKey instance, Func<IServiceProvider, CancellationToken, Task<IActorRef>> find, TimeSpan? timeout)
    {
        services.TryAddKeyedSingleton(serviceKey, (provider, _) => TokenizerOf(provider, instance));
        services.TryAddKeyedSingleton<Tokenizer>(serviceKey, (provider, key) => provider.GetRequiredKeyedService<EmbeddingTokenizer>(key));
        return services.AddKeyedEmbeddingGenerator(serviceKey, provider => Generator(provider, instance, find, timeout));
    }

    private static AddedInstances InstancesOf(IServiceCollection services)
    {
        if (services.FirstOrDefault(service => service.ServiceType == typeof(AddedInstances))?.ImplementationInstance is AddedInstances added)
            return added;
        if (services.Any(service => service.ServiceType == typeof(AkkaConfigurationBuilder)))
            throw new InvalidOperationException("This host has an actor system already: add ActorEmbed to it by WithActorEmbed inside AddAkka, and the generator by AddActorEmbedGenerator.");
        var instances = new AddedInstances();
        services.AddSingleton(instances);
        services.AddAkka("actorembed", akka =>
        {
            akka.ConfigureLoggers(loggers =>
            {
                loggers.ClearLoggers();
                loggers.AddLoggerFactory();
            });
            instances.AddTo(akka);
        });
        return instances;
    }

    private static EmbeddingTokenizer TokenizerOf(IServiceProvider services, InstanceKey key) =>
        InstanceTokenizers.Of(services.GetRequiredService<ActorSystem>()).Get(key);

    private static ActorEmbeddingGenerator Generator(
        IServiceProvider services, InstanceKey key, Func<IServiceProvider, CancellationToken, Task<IActorRef>> find, TimeSpan? timeout)
    {
        if (timeout <= TimeSpan.Zero && timeout != Timeout.InfiniteTimeSpan)
            throw new ArgumentOutOfRangeException(nameof(timeout), timeout, "A time-out must be above zero.");
        if (services.GetService<IServiceProviderIsService>()?.IsService(typeof(ActorRegistry)) is false)
            throw new InvalidOperationException("There is no actor system in this host: add one with ActorEmbed in it, by AddAkka(name, akka => akka.WithActorEmbed(...)), or call AddActorEmbed, which does both.");
        return new(
            cancellation => find(services, cancellation),
            () => timeout ?? RequestTimeouts.Of(services.GetRequiredService<ActorSystem>()).Get(key),
            () => LoadedModels.Of(services.GetRequiredService<ActorSystem>()).Find(key));
    }
}
