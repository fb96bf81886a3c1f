using ActorEmbed.Inference.Graphs;
using ActorEmbed.Inference.Operators;
using Microsoft.ML.OnnxRuntime;

namespace ActorEmbed.Inference.Devices;

/// <summary>Opens ONNX Runtime sessions: the one place, so that the same settings hold for every graph.</summary>
internal static class OnnxSessions
{
    // No operator of a base-sized model keeps the other threads waiting longer, unless the machine is busy: then its
    // other processes should have the core.
    private const string SpinMicroseconds = "1000";

    /// <summary>On the processor.</summary>
    /// <param name="path">An ONNX file.</param>
    /// <param name="threads">Threads that share the work of one run.</param>
    /// <param name="addWeights">Adds the graph's external tensors, or null where ONNX Runtime shall find them itself.</param>
    /// <param name="packedWeights">Shared by the sessions over one graph, or null.</param>
    /// <param name="packs">Whether kernels keep the weights in a form of their own: faster for few tokens, and as much memory again.</param>
    /// <exception cref="OnnxRuntimeException">The file is missing or is not a graph that ONNX Runtime can run.</exception>
    public static InferenceSession Open(
        string path, int threads, Action<SessionOptions>? addWeights = null, PrePackedWeightsContainer? packedWeights = null, bool packs = true)
    {
        using var options = OptionsOfProcessor(threads, addWeights);
        if (!packs)
            options.AddSessionConfigEntry("session.disable_prepacking", "1");
        return packedWeights is null ? new InferenceSession(path, options) : new InferenceSession(path, options, packedWeights);
    }

    /// <inheritdoc cref="Open(string, int, Action{SessionOptions}?, PrePackedWeightsContainer?, bool)" />
    /// <param name="graph">An ONNX file in memory.</param>
    /// <param name="directory">Where its external tensors are.</param>
    /// <param name="threads">Threads that share the work of one run.</param>
    /// <param name="addWeights">Adds the graph's external tensors.</param>
    /// <param name="packedWeights">Shared by the sessions over the same weights.</param>
    public static InferenceSession Open(
        byte[] graph, string directory, int threads, Action<SessionOptions> addWeights, PrePackedWeightsContainer packedWeights)
    {
        using var options = OptionsOfProcessor(threads, addWeights);
        options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", directory);
        return new InferenceSession(graph, options, packedWeights);
    }

    /// <summary>On another device. It copies the weights to itself.</summary>
    /// <param name="path">An ONNX file.</param>
    /// <param name="addProvider">Adds the provider of that device.</param>
    /// <param name="shape">Of all its runs; null where runs may have any.</param>
    /// <exception cref="OnnxRuntimeException">The device cannot be had, or cannot hold or run the graph.</exception>
    public static InferenceSession OpenOnDevice(string path, Action<SessionOptions> addProvider, FixedShape? shape = null)
    {
        using var options = OptionsOfDevice(addProvider);
        if (shape is { } sizes)
        {
            foreach (var (name, size) in sizes.Sizes)
                options.AddFreeDimensionOverrideByName(name, size);
        }

        return new InferenceSession(path, options);
    }

    /// <inheritdoc cref="OpenOnDevice(string, Action{SessionOptions}, FixedShape?)" />
    /// <param name="model">What an ONNX file holds.</param>
    /// <param name="addProvider">Adds the provider of that device.</param>
    public static InferenceSession OpenOnDevice(byte[] model, Action<SessionOptions> addProvider)
    {
        using var options = OptionsOfDevice(addProvider);
        return new InferenceSession(model, options);
    }

    private static SessionOptions OptionsOfProcessor(int threads, Action<SessionOptions>? addWeights)
    {
        var options = Options(threads);
        OperatorDomain.AddTo(options);
        if (threads > 1)
        {
            // Between two operators of a run its threads wait awake, which is what makes a lone text fast; with the
            // run's end they stop at once, so that an idle process uses no core.
            options.AddSessionConfigEntry("session.force_spinning_stop", "1");
            options.AddSessionConfigEntry("session.intra_op.spin_duration_us", SpinMicroseconds);
        }

        addWeights?.Invoke(options);
        return options;
    }

    private static SessionOptions OptionsOfDevice(Action<SessionOptions> addProvider)
    {
        // What is left to the processor are shapes: there is nothing to share.
        var options = Options(threads: 1);
        try
        {
            addProvider(options);
            return options;
        }
        catch
        {
            options.Dispose();
            throw;
        }
    }

    private static SessionOptions Options(int threads) => new()
    {
        IntraOpNumThreads = threads,
        // A plan of the memory would be kept for every shape that ever came, without end; batches of odd sizes ran as fast without.
        EnableMemoryPattern = false,
        // Warnings of the graph optimiser mean nothing to a user; what fails comes as an exception.
        LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
    };
}
