using ActorEmbed.Inference.Compilation.Cache;
using ActorEmbed.Inference.Encoders;
using ActorEmbed.Inference.Graphs;
using ActorEmbed.Inference.Weights;
using Microsoft.Extensions.Logging;

namespace ActorEmbed.Inference.Compilation;

/// <summary>Opens the compiled form of a model, and compiles it first where that has not been done yet.</summary>
internal static class CompiledEncoder
{
    /// <param name="source">What to compile.</param>
    /// <param name="precision">What is wanted.</param>
    /// <param name="options">How to run it.</param>
    /// <param name="logger">Is told what is compiled, and what is not used.</param>
    /// <param name="whyNot">Why the repository's own graph has to serve, where it returns null.</param>
    /// <returns>The encoder, or null where the model is none of the families or no graph of it passed its test here.</returns>
    /// <exception cref="ModelLoadException">A file is damaged, or the files do not belong together.</exception>
    /// <exception cref="InferenceException">It could not be compiled or opened now; another try may succeed.</exception>
    public static OpenedEncoder? TryOpen(
        CompiledModelSource source, Precision precision, EncoderOptions options, ILogger logger, out string whyNot)
    {
        var opened = KnownFamily.TryOpen(
            source,
            (EncoderArchitecture architecture, IModelWeights files, IEncoderWriter writer, out string reason) =>
                TryOpenFirst(source, precision, options, logger, architecture, files, writer, out reason),
            logger,
            out whyNot);
        // A repository that ships only a graph asks for nothing else: no news for a user.
        if (opened is null && !whyNot.StartsWith(KnownFamily.NoFile, StringComparison.Ordinal))
            logger.LogInformation("The model is not compiled, its own ONNX graph is used: {Reason}", whyNot);
        return opened;
    }

    /// <summary>The first graph of those that serve the wanted precision which passed, or passes, its test here.</summary>
    private static OpenedEncoder? TryOpenFirst(
        CompiledModelSource source, Precision precision, EncoderOptions options, ILogger logger,
        EncoderArchitecture architecture, IModelWeights files, IEncoderWriter writer, out string whyNot)
    {
        OpenedEncoder? Find(CompiledModelCache cache, string checksum, GraphCompiler compiler, out string reason)
        {
            reason = "";
            foreach (var kind in KindsFor(precision))
            {
                var key = new CompiledModelKey(kind, checksum, architecture, source.Pooling);
                if (CompiledForm.TryOpen(cache, key, compiler, source.OnCompiling, logger, out var rejected) is { } encoder)
                    return new OpenedEncoder(encoder, Announced(kind, precision, reason, logger));
                reason = $"its compiled {kind} graph did not pass its test here ({rejected})";
            }

            return null;
        }

        return CompiledForm.TryFind(source, options, logger, architecture, files, writer, Find, out whyNot);
    }

    /// <summary>The wanted graph first, then those that serve in its place.</summary>
    private static CompiledGraphKind[] KindsFor(Precision precision) => precision == Precision.Int8
        ? [CompiledGraphKind.Int8, CompiledGraphKind.Fp32]
        : [CompiledGraphKind.Fp32];

    private static Precision Announced(CompiledGraphKind kind, Precision wanted, string whyNot, ILogger logger)
    {
        var precision = kind == CompiledGraphKind.Fp32 ? Precision.Fp32 : Precision.Int8;
        if (precision != wanted)
            logger.LogWarning("The model runs in {Precision} although {Wanted} was asked for: {Reason}", precision, wanted, whyNot);
        return precision;
    }
}
