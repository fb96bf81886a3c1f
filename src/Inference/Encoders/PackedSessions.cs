using ActorEmbed.Inference.Devices;
using ActorEmbed.Inference.Graphs.Onnx;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.ML.OnnxRuntime;

namespace ActorEmbed.Inference.Encoders;

/// <summary>
/// The sessions over one compiled graph: one whose runs take a single thread, for as many runs at a time as there are
/// cores, and one whose runs take all of them, for a lone text. They share the weights in the form the kernels want; the
/// second is opened in the background after the first runs, so that the first vector does not wait for it.
/// </summary>
internal sealed class PackedSessions : IDisposable
{
    private readonly string _graphPath;
    private readonly ILogger _logger;
    private readonly MappedWeights? _weights;
    private readonly IDisposable? _releasing;
    private readonly bool _keepsWeights;
    private readonly PrePackedWeightsContainer _packedWeights = new();
    private readonly Lazy<Task<InferenceSession>> _allThreads;
    private readonly Lazy<(InferenceSession Session, string Output)> _ofTokens;

    /// <param name="graphPath">The graph; its external tensors lie in the same directory.</param>
    /// <param name="threads">Threads of a run that has all cores; at 1 there is only one session.</param>
    /// <param name="logger">Is told when the second session cannot be opened; null tells nobody.</param>
    /// <param name="keepsWeights">
    /// Whether the weights stay in memory between runs; else they are found through the mapping again and again, which is for
    /// runs of many tokens that are over soon.
    /// </param>
    /// <exception cref="OnnxRuntimeException">The graph does not load.</exception>
    /// <exception cref="InvalidDataException">The graph is damaged.</exception>
    public PackedSessions(string graphPath, int threads, ILogger? logger = null, bool keepsWeights = true)
    {
        _graphPath = graphPath;
        _logger = logger ?? NullLogger.Instance;
        _keepsWeights = keepsWeights;
        _allThreads = new(() => threads == 1 ? Task.FromResult(SingleThreaded!) : OpenOnThreadOfItsOwn(threads));
        // A failure is tried again with the next request.
        _ofTokens = new(() => OpenForTokens(threads), LazyThreadSafetyMode.PublicationOnly);
        try
        {
            var graph = Parse(graphPath).Graph;
            if (ExternalFile(graph) is { } weights)
                _weights = new MappedWeights(Path.Combine(Path.GetDirectoryName(graphPath)!, weights), graph);
            _releasing = keepsWeights ? null : _weights?.ReleasePagesMeanwhile();
            SingleThreaded = Open(threads: 1);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public InferenceSession SingleThreaded { get; } = null!;

    /// <summary>The session that uses all threads, or the other one until it is open, and for good where it cannot be opened.</summary>
    public InferenceSession AllThreads =>
        _allThreads is { IsValueCreated: true, Value.IsCompletedSuccessfully: true } ? _allThreads.Value.Result : SingleThreaded;

    /// <summary>
    /// The session whose output is the vectors of all tokens, and the name of that output; its runs take all threads. It is opened when
    /// it is first needed, which few ever do, and shares the weights with the others.
    /// </summary>
    /// <exception cref="InferenceException">It could not be opened.</exception>
    public (InferenceSession Session, string Output) OfTokens => _ofTokens.Value;

    /// <summary>Looks whether the mapped weights are still what they were.</summary>
    /// <exception cref="InferenceException">They are not.</exception>
    public void CheckFiles() => _weights?.CheckFile();

    /// <summary>Starts to open the session that uses all threads, unless that was done before.</summary>
    public void BeginOpeningAllThreads() => _ = _allThreads.Value;

    /// <exception cref="OnnxRuntimeException">The session could not be opened.</exception>
    public InferenceSession WaitForAllThreads() => _allThreads.Value.GetAwaiter().GetResult();

    public void Dispose()
    {
        if (_allThreads.IsValueCreated)
        {
            // ONNX Runtime cannot be stopped while it opens a session, and must not lose the weights under it.
            ((IAsyncResult)_allThreads.Value).AsyncWaitHandle.WaitOne();
            if (AllThreads != SingleThreaded)
                AllThreads.Dispose();
        }

        if (_ofTokens.IsValueCreated)
            _ofTokens.Value.Session.Dispose();
        SingleThreaded?.Dispose();
        _releasing?.Dispose();
        _packedWeights.Dispose();
        _weights?.Dispose();
    }

    /// <summary>Of its own, since a busy thread pool would leave lone texts on one core.</summary>
    private Task<InferenceSession> OpenOnThreadOfItsOwn(int threads)
    {
        var opening = Task.Factory.StartNew(
            () => OpenOrTell(threads), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        // Nobody has to wait for it: its failure was told, and is not one that went unnoticed.
        opening.ContinueWith(
            failed => failed.Exception,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return opening;
    }

    /// <summary>Tells a failure before the task has ended: who waits for it finds it told.</summary>
    private InferenceSession OpenOrTell(int threads)
    {
        try
        {
            return Open(threads);
        }
        catch (Exception e)
        {
            _logger.LogWarning(
                e,
                "The session that gives a lone text all {Threads} threads could not be opened: lone texts are computed on one core until the model is loaded again",
                threads);
            throw;
        }
    }

    private InferenceSession Open(int threads)
    {
        using var releasing = _weights?.ReleasePagesMeanwhile();
        var session = OnnxSessions.Open(_graphPath, threads, options => _weights?.AddTo(options), _packedWeights, packs: _keepsWeights);
        _weights?.ReleasePages();
        return session;
    }

    private (InferenceSession Session, string Output) OpenForTokens(int threads)
    {
        try
        {
            var model = Parse(_graphPath);
            var output = TokenGraph.EndBeforePooling(model.Graph);
            using var releasing = _weights?.ReleasePagesMeanwhile();
            var session = OnnxSessions.Open(model.ToByteArray(), Path.GetDirectoryName(_graphPath)!, threads, options => _weights?.AddTo(options), _packedWeights);
            _weights?.ReleasePages();
            return (session, output);
        }
        catch (Exception e) when (e is OnnxRuntimeException or InvalidDataException or IOException)
        {
            throw new InferenceException($"The graph for the vectors of tokens could not be opened: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    private static ModelProto Parse(string path)
    {
        using var stream = File.OpenRead(path);
        try
        {
            return ModelProto.Parser.ParseFrom(stream);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    private static string? ExternalFile(GraphProto? graph) => graph?.Initializer
        .SelectMany(tensor => tensor.ExternalData)
        .FirstOrDefault(entry => entry.Key == "location")?.Value;
}
