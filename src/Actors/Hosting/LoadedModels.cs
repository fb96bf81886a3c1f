using System.Collections.Concurrent;
using ActorEmbed.Inference;
using Akka.Actor;

namespace ActorEmbed.Actors.Hosting;

/// <summary>
/// What the instances in an actor system have loaded, by their keys: a generator's metadata tells
/// it before there are vectors.
/// </summary>
internal sealed class LoadedModels : IExtension
{
    private readonly ConcurrentDictionary<InstanceKey, ModelInfo> _models = [];

    public static LoadedModels Of(ActorSystem system) => system.WithExtension<LoadedModels, Provider>();

    /// <summary>A load that is noted when it has succeeded.</summary>
    public Func<IEmbeddingModel> Noting(InstanceKey key, Func<IEmbeddingModel> load) => () =>
    {
        var model = load();
        _models[key] = model.Info;
        return model;
    };

    /// <summary>Null before anything is loaded, and where others load.</summary>
    public ModelInfo? Find(InstanceKey key) => _models.GetValueOrDefault(key);

    private sealed class Provider : ExtensionIdProvider<LoadedModels>
    {
        public override LoadedModels CreateExtension(ExtendedActorSystem system) => new();
    }
}
