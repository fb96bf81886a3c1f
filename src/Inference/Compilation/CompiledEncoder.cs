using ActorEmbed.Inference.Compilation.Cache;
using ActorEmbed.Inference.Encoders;
using ActorEmbed.Inference.Graphs;
using ActorEmbed.Inference.Graphs.Families;
using ActorEmbed.Inference.Weights;
using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;

namespace ActorEmbed.Inference.Compilation;

/// <summary>Opens the compiled form of a model, and compiles it first where that has not been done yet.</summary>
internal static class CompiledEncoder
{
    /// <returns>
    /// The encoder, or null where the model is not one that the graph builder knows or no compiled form of it works
    /// here: then the repository's own graph has to serve. The reason is logged.
    /// </returns>
    /// <exception cref="ModelLoadException"><c>model.safetensors</c> is damaged.</exception>
    public static ITextEncoder? TryOpen(CompiledModelSource source, Precision precision, EncoderOptions options, ILogger logger)
    {
        if (!File.Exists(source.WeightsPath))
        {
            // A repository that ships only a graph asks for nothing else: no news for a user.
            logger.LogDebug("There is no {Weights} to compile", source.WeightsPath);
            return null;
        }

        var config = EncoderConfig.Read(source.ConfigPath);
        if (EncoderFamilies.Find(config) is not { } family)
            return NotCompiled(logger, $"model_type '{config.ModelType}' is not known to it");
        if (family.TryRead(config, out var whyNot) is not { } architecture)
            return NotCompiled(logger, whyNot);

        using var file = new SafetensorsFile(source.WeightsPath);
        if (family.TryOpen(file, architecture, out whyNot) is not { } writer)
            return NotCompiled(logger, whyNot);

        var roots = CompiledModelRoots.For(source.Directory);
        var cache = new CompiledModelCache(roots, logger);
        var sourceHash = SourceHash.Compute(source.WeightsPath, roots);
        var compiler = new GraphCompiler(source, architecture, file, writer, options.Threads, logger);
        foreach (var kind in KindsFor(precision))
        {
            var key = new CompiledModelKey(kind, sourceHash, architecture, source.Pooling);
            if (TryOpen(cache, key, compiler, source.OnCompiling, logger) is { } encoder)
                return encoder;
        }

        return NotCompiled(logger, "no compiled graph passed its test here");
    }

    /// <summary>The wanted graph first, then those that serve in its place.</summary>
    private static CompiledGraphKind[] KindsFor(Precision precision) => precision == Precision.Int8
        ? [CompiledGraphKind.Int8, CompiledGraphKind.Int8PerToken, CompiledGraphKind.Fp32]
        : [CompiledGraphKind.Fp32];

    private static PackedEncoder? TryOpen(
        CompiledModelCache cache, CompiledModelKey key, GraphCompiler compiler, Action onCompiling, ILogger logger)
    {
        if (cache.FindRejection(key) is { } rejected)
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
        var built = cache.Build(key, directory => WriteOrExplain(compiler, key, directory, logger), unusable);
        // Compiling passes every weight through memory once; the server that goes on from here has no use for it.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return built is null ? null : OpenOrExplain(compiler, built, logger);
    }

    private static string? WriteOrExplain(GraphCompiler compiler, CompiledModelKey key, string directory, ILogger logger)
    {
        string? reason;
        try
        {
            reason = compiler.Write(key.Kind, directory);
        }
        catch (Exception e) when (e is OnnxRuntimeException or InferenceException)
        {
            reason = e.Message;
        }

        if (reason is not null)
            logger.LogWarning("The compiled {Graph} graph did not pass its test: {Reason}", key.Kind, reason);
        return reason;
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

    private static ITextEncoder? NotCompiled(ILogger logger, string reason)
    {
        logger.LogInformation("The model is not compiled, its own ONNX graph is used: {Reason}", reason);
        return null;
    }
}
