using Microsoft.ML.OnnxRuntime;
using ActorEmbed.Inference.Graphs.Onnx;

namespace ActorEmbed.Inference.Encoders;

/// <summary>
/// The sessions over one compiled graph: one whose runs take a single thread, for as many callers as there are cores,
/// and one whose runs take all of them, for a lone text. They share the weights in the form the kernels want; the
/// second is opened in the background after the first run, so that the first vector does not wait for it.
/// </summary>
internal sealed class PackedSessions : IDisposable
{
    // No operator of a base-sized model keeps the other threads waiting longer, unless the machine is busy: then its
    // other processes should have the core.
    private const string SpinMicroseconds = "1000";

    private readonly MappedWeights? _weights;
    private readonly PrePackedWeightsContainer _packedWeights = new();
    private readonly Lazy<Task<InferenceSession>> _allThreads;

    /// <param name="graphPath">The graph; its external tensors lie in the same directory.</param>
    /// <param name="threads">Threads of a run that has all cores; at 1 there is only one session.</param>
    /// <exception cref="OnnxRuntimeException">The graph does not load.</exception>
    /// <exception cref="InvalidDataException">The graph is damaged.</exception>
    public PackedSessions(string graphPath, int threads)
    {
        try
        {
            ModelProto model;
            using (var stream = File.OpenRead(graphPath))
                model = ModelProto.Parser.ParseFrom(stream);
            if (ExternalFile(model.Graph) is { } weights)
                _weights = new MappedWeights(Path.Combine(Path.GetDirectoryName(graphPath)!, weights), model.Graph);
            SingleThreaded = Open(graphPath, threads: 1);
        }
        catch (Exception e)
        {
            _allThreads = new Lazy<Task<InferenceSession>>();
            Dispose();
            throw e is Google.Protobuf.InvalidProtocolBufferException ? new InvalidDataException(e.Message, e) : e;
        }

        _allThreads = new Lazy<Task<InferenceSession>>(
            () => threads == 1 ? Task.FromResult(SingleThreaded) : Task.Run(() => Open(graphPath, threads)));
    }

    public InferenceSession SingleThreaded { get; } = null!;

    /// <summary>The session that uses all threads, or the other one until it is open.</summary>
    public InferenceSession AllThreads =>
        _allThreads is { IsValueCreated: true, Value.IsCompletedSuccessfully: true } ? _allThreads.Value.Result : SingleThreaded;

    /// <summary>Starts to open the session that uses all threads, unless that was done before.</summary>
    public void BeginOpeningAllThreads() => _ = _allThreads.Value;

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

        SingleThreaded?.Dispose();
        _packedWeights.Dispose();
        _weights?.Dispose();
    }

    private static string? ExternalFile(GraphProto graph) => graph.Initializer
        .SelectMany(tensor => tensor.ExternalData)
        .FirstOrDefault(entry => entry.Key == "location")?.Value;

    private InferenceSession Open(string graphPath, int threads)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        // Spinning threads keep a core busy that the machine's other processes could use.
        if (threads > 1)
        {
            // Between two operators of a run its threads wait awake, which is what makes a lone text fast; with the
            // run's end they stop at once, so that an idle process uses no core.
            options.AddSessionConfigEntry("session.force_spinning_stop", "1");
            options.AddSessionConfigEntry("session.intra_op.spin_duration_us", SpinMicroseconds);
        }

        _weights?.AddTo(options);
        var session = new InferenceSession(graphPath, options, _packedWeights);
        _weights?.ReleasePages();
        return session;
    }
}
