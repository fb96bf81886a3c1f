using Microsoft.ML.OnnxRuntime;

namespace ActorEmbed.Inference.Encoders;

/// <summary>Opens ONNX Runtime sessions: the one place, so that the same settings hold for every graph.</summary>
internal static class OnnxSessions
{
    // No operator of a base-sized model keeps the other threads waiting longer, unless the machine is busy: then its
    // other processes should have the core.
    private const string SpinMicroseconds = "1000";

    /// <param name="path">An ONNX file.</param>
    /// <param name="threads">Threads that share the work of one run.</param>
    /// <param name="weights">The graph's external tensors, or null where ONNX Runtime shall find them itself.</param>
    /// <param name="packedWeights">Shared by the sessions over one graph, or null.</param>
    /// <param name="packs">Whether kernels keep the weights in a form of their own: faster for few tokens, and as much memory again.</param>
    /// <exception cref="OnnxRuntimeException">The file is missing or is not a graph that ONNX Runtime can run.</exception>
    public static InferenceSession Open(
        string path, int threads, MappedWeights? weights = null, PrePackedWeightsContainer? packedWeights = null, bool packs = true)
    {
        using var options = OptionsOf(threads, weights, packs);
        return packedWeights is null ? new InferenceSession(path, options) : new InferenceSession(path, options, packedWeights);
    }

    /// <inheritdoc cref="Open(string, int, MappedWeights?, PrePackedWeightsContainer?, bool)" />
    /// <param name="graph">An ONNX file in memory.</param>
    /// <param name="directory">Where its external tensors are.</param>
    /// <param name="threads">Threads that share the work of one run.</param>
    /// <param name="weights">The graph's external tensors, or null where ONNX Runtime shall find them itself.</param>
    /// <param name="packedWeights">Shared by the sessions over the same weights.</param>
    public static InferenceSession Open(byte[] graph, string directory, int threads, MappedWeights? weights, PrePackedWeightsContainer packedWeights)
    {
        using var options = OptionsOf(threads, weights);
        options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", directory);
        return new InferenceSession(graph, options, packedWeights);
    }

    private static SessionOptions OptionsOf(int threads, MappedWeights? weights, bool packs = true)
    {
        var options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            // A plan of the memory would be kept for every shape that ever came, without end; batches of odd sizes ran as fast without.
            EnableMemoryPattern = false,
            // Warnings of the graph optimiser mean nothing to a user; what fails comes as an exception.
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        if (threads > 1)
        {
            // Between two operators of a run its threads wait awake, which is what makes a lone text fast; with the
            // run's end they stop at once, so that an idle process uses no core.
            options.AddSessionConfigEntry("session.force_spinning_stop", "1");
            options.AddSessionConfigEntry("session.intra_op.spin_duration_us", SpinMicroseconds);
        }

        if (!packs)
            options.AddSessionConfigEntry("session.disable_prepacking", "1");
        weights?.AddTo(options);
        return options;
    }
}
