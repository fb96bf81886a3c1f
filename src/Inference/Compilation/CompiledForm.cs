using ActorEmbed.Inference.Compilation.Cache;
using ActorEmbed.Inference.Encoders;
using ActorEmbed.Inference.Graphs;
using ActorEmbed.Inference.Weights;
using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;

namespace ActorEmbed.Inference.Compilation;

/// <summary>Finds the compiled form of a model in the cache, or has it made.</summary>
internal static class CompiledForm
{
    /// <summary>Looks through the cache.</summary>
    public delegate T? Finding<T>(CompiledModelCache cache, string checksum, GraphCompiler compiler, out string whyNot);

    /// <summary>Looks for a compiled form, or makes one.</summary>
    public static T? TryFind<T>(
        CompiledModelSource source, EncoderOptions options, ILogger logger,
        EncoderArchitecture architecture, IModelWeights files, IEncoderWriter writer, Finding<T> find, out string whyNot)
        where T : class
    {
        var roots = CompiledModelRoots.For(source.Directory, source.CompiledModelDirectory);
        var cache = new CompiledModelCache(roots, logger);
        try
        {
            var versions = source.WeightsPaths.ToDictionary(path => path, path => SourceVersion.Read(path, roots), StringComparer.Ordinal);
            var checksum = string.Join('+', source.WeightsPaths.Select(path => versions[path].Checksum));
            var compiler = new GraphCompiler(source, architecture, files, versions[writer.TokenTable.File], writer, options.Threads, logger);
            return find(cache, checksum, compiler, out whyNot);
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

    /// <summary>Opens what the cache has, or compiles it.</summary>
    public static T? TryOpen<T>(
        CompiledModelCache cache, CompiledModelKey key, IGraphCompiler<T> compiler, Action onCompiling, ILogger logger, out string? rejected)
        where T : class, ITextEncoder
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

    private static T? OpenOrExplain<T>(IGraphCompiler<T> compiler, string directory, ILogger logger)
        where T : class, ITextEncoder
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
