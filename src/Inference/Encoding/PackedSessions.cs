using ActorEmbed.Inference.Compilation.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace ActorEmbed.Inference.Encoding;

/// <summary>
/// The sessions over one compiled graph: one whose runs take a single thread, for as many callers as there are cores,
/// and one whose runs take all of them, for a lone text. They share the weights in the form the kernels want.
/// See docs/decisions for the measurements.
/// </summary>
internal sealed class PackedSessions : IDisposable
{
    private readonly MappedWeights? _weights;
    private readonly PrePackedWeightsContainer _packedWeights = new();

    /// <param name="graphPath">The graph; its external tensors lie in the same directory.</param>
    /// <param name="threads">Threads of a run that has all cores; at 1 there is only one session.</param>
    public PackedSessions(string graphPath, int threads)
    {
        ModelProto model;
        using (var stream = File.OpenRead(graphPath))
            model = ModelProto.Parser.ParseFrom(stream);

        try
        {
            var weights = ExternalFile(model.Graph);
            _weights = weights is null ? null : new MappedWeights(Path.Combine(Path.GetDirectoryName(graphPath)!, weights), model.Graph);
            SingleThreaded = Open(graphPath, threads: 1);
            AllThreads = threads > 1 ? Open(graphPath, threads) : SingleThreaded;
            _weights?.ReleasePages();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public InferenceSession SingleThreaded { get; } = null!;

    public InferenceSession AllThreads { get; } = null!;

    public void Dispose()
    {
        if (AllThreads != SingleThreaded)
            AllThreads?.Dispose();
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
        if (Environment.GetEnvironmentVariable("AE_OPT") is { } o) options.GraphOptimizationLevel = (GraphOptimizationLevel)int.Parse(o);
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", Environment.GetEnvironmentVariable("AE_SPIN") ?? "0");
        options.AddSessionConfigEntry("session.force_spinning_stop", "1");
        _weights?.AddTo(options);
        return new InferenceSession(graphPath, options, _packedWeights);
    }
}
