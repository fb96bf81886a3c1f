using System.Collections.Concurrent;
using ActorEmbed.Inference;
using Akka.Actor;

namespace ActorEmbed.Actors.Hosting;

/// <summary>
/// The tokenizers of the instances in an actor system, by their keys. Each is loaded when it is
/// first asked for: who makes vectors only needs none beside the model's own.
/// </summary>
internal sealed class InstanceTokenizers : IExtension
{
    private readonly ConcurrentDictionary<InstanceKey, Lazy<EmbeddingTokenizer>> _tokenizers = [];

    public static InstanceTokenizers Of(ActorSystem system) => system.WithExtension<InstanceTokenizers, Provider>();

    public void Set(InstanceKey key, Func<EmbeddingTokenizer> load) => _tokenizers[key] = new Lazy<EmbeddingTokenizer>(load);

    /// <exception cref="InvalidOperationException">There is no such instance here, or its model was not loaded from a directory.</exception>
    /// <exception cref="ModelLoadException">The tokenizer cannot be loaded.</exception>
    public EmbeddingTokenizer Get(InstanceKey key) => _tokenizers.TryGetValue(key, out var tokenizer)
        ? tokenizer.Value
        : throw new InvalidOperationException(
            $"No ActorEmbed {key} in this host has a model that is loaded from a directory, or the host has not started yet. "
            + "Where a model is loaded in another way, make an EmbeddingTokenizer of it.");

    private sealed class Provider : ExtensionIdProvider<InstanceTokenizers>
    {
        public override InstanceTokenizers CreateExtension(ExtendedActorSystem system) => new();
    }
}
