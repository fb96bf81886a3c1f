using System.Collections.Concurrent;
using ActorEmbed.Inference;
using Akka.Actor;

namespace ActorEmbed.Actors.Hosting;

/// <summary>
/// What the instances in an actor system have loaded, by the registry's keys of their routers: a generator's metadata tells
/// it before there are vectors.
/// </summary>
internal sealed class LoadedModels : IExtension
{
    private readonly ConcurrentDictionary<Type, ModelInfo> _models = [];

    public static LoadedModels Of(ActorSystem system) => system.WithExtension<LoadedModels, Provider>();

    /// <summary>A load that is noted when it has succeeded.</summary>
    public Func<IEmbeddingModel> Noting<TKey>(Func<IEmbeddingModel> load) => () =>
    {
        var model = load();
        _models[typeof(TKey)] = model.Info;
        return model;
    };

    /// <summary>Null before anything is loaded, and where others load.</summary>
    public ModelInfo? Find<TKey>() => _models.GetValueOrDefault(typeof(TKey));

    private sealed class Provider : ExtensionIdProvider<LoadedModels>
    {
        public override LoadedModels CreateExtension(ExtendedActorSystem system) => new();
    }
}
