using Microsoft.ML.OnnxRuntime;

namespace ActorEmbed.Inference.Encoders;

/// <summary>Opens ONNX Runtime sessions with the settings that hold for every graph of ours.</summary>
internal static class OnnxSessions
{
    /// <param name="path">An ONNX file.</param>
    /// <param name="threads">Threads that share the work of one run.</param>
    /// <exception cref="ModelLoadException">The file is missing or is not a graph that ONNX Runtime can run.</exception>
    public static InferenceSession Open(string path, int threads)
    {
        if (!File.Exists(path))
            throw new ModelLoadException($"{path} is missing.");

        using var options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            // Warnings of the graph optimiser mean nothing to a user; what fails comes as an exception.
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        // Spinning gains 10-18 % for one caller, but keeps a core busy between requests: users notice that first.
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        try
        {
            return new InferenceSession(path, options);
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelLoadException($"{path} cannot be loaded: {e.Message}", e);
        }
    }
}
