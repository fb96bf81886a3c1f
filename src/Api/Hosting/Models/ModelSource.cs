using ActorEmbed.Api.Hosting.Failures;
using ActorEmbed.Inference;
using ActorEmbed.Inference.Hub;
using ActorEmbed.Inference.Loading;

namespace ActorEmbed.Api.Hosting.Models;

/// <summary>Gets the chosen model onto the disk, if need be, and loads it. Blocks.</summary>
internal sealed class ModelSource(ModelChoice choice, ModelOptions options, IProgress<PullProgress> progress, ILogger logger) : IDisposable
{
    // Longer than any compiled model takes to open. One that is still being compiled is left behind: the process ends.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private readonly ModelHub? _hub = choice.Hub is null ? null : new ModelHub(choice.Hub);
    private readonly Lock _loading = new();
    private string? _directory = choice.Directory;
    private Task<IEmbeddingModel>? _begun;

    /// <summary>
    /// Starts to load the model before anyone asks for it, so that it is opened while the rest of the server starts.
    /// A model that has yet to be pulled waits for its turn.
    /// </summary>
    public void Begin()
    {
        if (choice.Directory is not null)
            _begun = Task.Factory.StartNew(() => LoadNow(CancellationToken.None), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Loads it once more, or gives what was begun.</summary>
    /// <param name="stopping">Ends a pull.</param>
    /// <exception cref="ModelLoadException">It cannot be pulled or loaded, and trying again will not help.</exception>
    /// <exception cref="OperationCanceledException">The server is being stopped; what was pulled is kept.</exception>
    public IEmbeddingModel Load(CancellationToken stopping)
    {
        // Who gave up waiting may ask again while the load before is still under way.
        lock (_loading)
            return Interlocked.Exchange(ref _begun, null) is { } begun ? begun.GetAwaiter().GetResult() : LoadNow(stopping);
    }

    public void Dispose()
    {
        // ONNX Runtime must not be opening a session while the process ends.
        if (Interlocked.Exchange(ref _begun, null) is { } unused && ((IAsyncResult)unused).AsyncWaitHandle.WaitOne(LongestWait)
            && unused.IsCompletedSuccessfully)
            unused.Result.Dispose();
        if (_loading.TryEnter(LongestWait))
            _loading.Exit();
        _hub?.Dispose();
    }

    private IEmbeddingModel LoadNow(CancellationToken stopping)
    {
        // What was pulled once is opened again without the network.
        var directory = _directory is { } known && Directory.Exists(known) ? known : choice.Directory ?? Pull(_hub!, choice.Reference!, stopping);
        _directory = directory;
        try
        {
            return ModelLoader.Load(directory, options, logger);
        }
        catch (Exception e) when (NativeLibraryFailure.IsIn(e))
        {
            // No further try will find it.
            throw new ModelLoadException(NativeLibraryFailure.Explain(e), e);
        }
    }

    private string Pull(ModelHub hub, ModelReference reference, CancellationToken stopping)
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
