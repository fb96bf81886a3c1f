using ActorEmbed.Inference;

namespace ActorEmbed.Actors.Hosting;

/// <summary>
/// Takes the place of every instance's own model where one is registered in the host's services; for a host's tests,
/// which want its wiring and not its gigabyte.
/// </summary>
public interface IEmbeddingModelSource
{
    /// <summary>Loads a model; called on a thread of its own, again after every failure.</summary>
    IEmbeddingModel Load();
}
