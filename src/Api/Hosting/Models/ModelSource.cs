using ActorEmbed.Inference;
using ActorEmbed.Inference.Hub;

namespace ActorEmbed.Api.Hosting.Models;

/// <summary>Gets the chosen model onto the disk, if need be, and loads it. Blocks: called on the thread that runs the model.</summary>
internal sealed class ModelSource(
    ModelChoice choice, ModelOptions options, IProgress<PullProgress> progress, ILogger logger, CancellationToken stopping) : IDisposable
{
    private readonly ModelHub? _hub = choice.Hub is null ? null : new ModelHub(choice.Hub);

    /// <exception cref="ModelLoadException">It cannot be pulled or loaded, and trying again will not help.</exception>
    /// <exception cref="OperationCanceledException">The server is being stopped; what was pulled is kept.</exception>
    public IEmbeddingModel Load() => ModelLoader.Load(choice.Directory ?? Pull(_hub!, choice.Reference!), options, logger);

    public void Dispose() => _hub?.Dispose();

    private string Pull(ModelHub hub, ModelReference reference)
    {
        try
        {
            // This thread has nothing else to do: it is the one that will run the model.
            return hub.PullAsync(reference, progress, stopping).GetAwaiter().GetResult();
        }
        catch (ModelPullException e)
        {
            // It has been retried for as long as that made sense.
            throw new ModelLoadException(e.Message, e);
        }
    }
}
