using ActorEmbed.Inference.Compilation.Cache;
using ActorEmbed.Inference.Encoders;
using ActorEmbed.Inference.Graphs;
using ActorEmbed.Inference.Graphs.Families;
using ActorEmbed.Inference.Weights;
using ActorEmbed.Inference.Weights.Exported;
using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;

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
        if (source.WeightsPaths.FirstOrDefault(path => !File.Exists(path)) is { } lacking)
        {
            whyNot = $"there is no {lacking}";
            // A repository that ships only a graph asks for nothing else: no news for a user.
            logger.LogDebug("The model is not compiled: {Reason}", whyNot);
            return null;
        }

        var config = EncoderConfig.Read(source.ConfigPath);
        whyNot = $"model_type '{config.ModelType}' is not known to it";
        if (EncoderFamilies.Find(config) is { } family && family.TryRead(config, out whyNot) is { } architecture)
        {
            if (source.OriginalGraph is null)
            {
                using var files = new SafetensorsFiles(source.WeightsPaths);
                if (family.TryOpen(files, architecture, out whyNot) is { } writer
                    && TryOpenFirst(source, precision, options, logger, architecture, files, writer, out whyNot) is { } opened)
                    return opened;
            }
            else
            {
                using var exported = ExportedWeights.Open(source.WeightsPaths[^1]);
                if (ExportedEncoder.TryOpen(family, exported, architecture, out whyNot) is { } writer
                    && TryOpenFirst(source, precision, options, logger, architecture, exported, writer, out whyNot) is { } opened)
                    return opened;
            }
        }

        logger.LogInformation("The model is not compiled, its own ONNX graph is used: {Reason}", whyNot);
        return null;
    }

    /// <summary>The first graph of those that serve the wanted precision which passed, or passes, its test here.</summary>
    private static OpenedEncoder? TryOpenFirst(
        CompiledModelSource source, Precision precision, EncoderOptions options, ILogger logger,
        EncoderArchitecture architecture, IModelWeights files, IEncoderWriter writer, out string whyNot)
    {
        whyNot = "";
        var roots = CompiledModelRoots.For(source.Directory, source.CompiledModelDirectory);
        var cache = new CompiledModelCache(roots, logger);
        try
        {
            var versions = source.WeightsPaths.ToDictionary(path => path, path => SourceVersion.Read(path, roots), StringComparer.Ordinal);
            var checksum = string.Join('+', source.WeightsPaths.Select(path => versions[path].Checksum));
            var compiler = new GraphCompiler(source, architecture, files, versions[writer.TokenTable.File], writer, options.Threads, logger);
            foreach (var kind in KindsFor(precision))
            {
                var key = new CompiledModelKey(kind, checksum, architecture, source.Pooling);
                if (TryOpen(cache, key, compiler, source.OnCompiling, logger, out var rejected) is { } encoder)
                    return new OpenedEncoder(encoder, Announced(kind, precision, whyNot, logger));
                whyNot = $"its compiled {kind} graph did not pass its test here ({rejected})";
            }

            return null;
        }
        catch (UnauthorizedAccessException e)
        {
            // Waiting will not help; the repository's own graph may.
            whyNot = OneLine(e.Message);
            return null;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or OnnxRuntimeException)
        {
            throw new InferenceException($"{source.WeightsPaths[0]} could not be compiled: {OneLine(e.Message)}", e);
        }
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

    private static PackedEncoder? TryOpen(
        CompiledModelCache cache, CompiledModelKey key, GraphCompiler compiler, Action onCompiling, ILogger logger, out string? rejected)
    {
        rejected = cache.FindRejection(key)?.ToString();
        if (rejected is not null)
        {
            logger.LogWarning("The compiled {Graph} graph is not used: {Reason}", key.Kind, rejected);
            return null;
        }

        string? unusable = null;
        if (cache.Find(key) is { } found)
        {
            if (OpenOrExplain(compiler, found, logger) is { } encoder)
                return encoder;
            unusable = found;
        }

        onCompiling();
        logger.LogInformation("Compiling the model ({Graph}); this is done once", key.Kind);
        string? reason = null;
        var built = cache.Build(key, directory => reason = compiler.Write(key.Kind, directory), unusable);
        rejected = reason;
        // Compiling passes every weight through memory once; the server that goes on from here has no use for it.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        if (built is not null)
            return compiler.Open(built);
        logger.LogWarning("The compiled {Graph} graph did not pass its test: {Reason}", key.Kind, reason);
        return null;
    }

    private static PackedEncoder? OpenOrExplain(GraphCompiler compiler, string directory, ILogger logger)
    {
        try
        {
            return compiler.Open(directory);
        }
        catch (Exception e) when (e is OnnxRuntimeException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            logger.LogWarning("Compiled model {Directory} does not load and is built again: {Reason}", directory, e.Message);
            return null;
        }
    }

    private static string OneLine(string message) => message.ReplaceLineEndings(" ").TrimEnd('.', ' ');
}
