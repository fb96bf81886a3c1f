using ActorEmbed.Inference.Compilation;
using ActorEmbed.Inference.Compilation.Cache;
using ActorEmbed.Inference.Encoders;
using ActorEmbed.Inference.Graphs;
using ActorEmbed.Inference.Models;
using ActorEmbed.Inference.Tokenization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorEmbed.Inference.Loading;

/// <summary>Opens a model directory.</summary>
public static class ModelLoader
{
    /// <summary>
    /// Loads the model in a directory that has the layout of a sentence-transformers repository. Where it has
    /// <c>model.safetensors</c> of a kind that can be compiled, a graph made for this machine is run, compiled and kept
    /// on first use; otherwise the repository's own <c>onnx/model.onnx</c>.
    /// </summary>
    /// <param name="directory">The directory that holds <c>modules.json</c>.</param>
    /// <param name="options">How to run it; null takes the defaults.</param>
    /// <param name="logger">Is told what was compiled, and why not; null tells nobody.</param>
    /// <exception cref="ModelLoadException">
    /// A file is missing or damaged, the model is of a kind that cannot be run, or ONNX Runtime's native library does not load.
    /// </exception>
    /// <exception cref="InferenceException">It could not be loaded now, for want of memory or disk; another try may succeed.</exception>
    public static IEmbeddingModel Load(string directory, ModelOptions? options = null, ILogger? logger = null)
    {
        options ??= new ModelOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1, nameof(options));
        try
        {
            return Load(ModelDirectory.Read(directory), options, logger ?? NullLogger.Instance);
        }
        catch (Exception e) when (NativeLibraryFailure.WhyOf(e) is { } reason)
        {
            throw new ModelLoadException(reason, e);
        }
    }

    /// <summary>
    /// Reads the configuration without loading the weights, so that a wrong path is known at once.
    /// </summary>
    /// <exception cref="ModelLoadException">As for <see cref="Load(string, ModelOptions?, ILogger?)"/>, as far as the configuration shows it.</exception>
    public static string ReadId(string directory) => ModelDirectory.Read(directory).Id;

    /// <summary>Which graphs of a model failed their self-test on this machine and are not used for a while; one line each.</summary>
    /// <exception cref="ModelLoadException">As for <see cref="ReadId"/>.</exception>
    public static IReadOnlyList<string> FindRejections(string directory)
    {
        var roots = CompiledModelRoots.For(ModelDirectory.Read(directory).TransformerDirectory);
        return [.. new CompiledModelCache(roots, NullLogger.Instance).FindRejections().Select(rejection => $"{rejection}")];
    }

    private static SentenceTransformer Load(ModelDescription description, ModelOptions options, ILogger logger)
    {
        // A vocabulary of 250,000 pieces takes a good part of the time that a session takes to open: side by side.
        var tokenizing = Task.Run(() => LoadTokenizer(description, logger));
        var source = new CompiledModelSource(
            description.TransformerDirectory, description.Pooling, () => tokenizing.GetAwaiter().GetResult())
        {
            CompiledModelDirectory = options.CompiledModelDirectory,
            OnCompiling = () => options.OnCompiling?.Invoke(description.Id),
        };
        var compiled = CompiledEncoder.TryOpen(source, options.Precision, new EncoderOptions(options.Threads), logger, out var whyNot);
        ITextEncoder? encoder = compiled?.Encoder;
        try
        {
            var tokenizer = tokenizing.GetAwaiter().GetResult();
            encoder ??= OpenOwnGraph(description, source, tokenizer.PaddingId, options.Threads, whyNot);
            if (description.Dimensions is { } configured && configured != encoder.Dimensions)
                throw new ModelLoadException($"{description.Root}: the model gives {encoder.Dimensions} dimensions, but its configuration says {configured}.");

            var info = new ModelInfo(description.Id, encoder.Dimensions, description.MaxTokens, Device: "cpu")
            {
                VocabularySize = tokenizer.VocabularySize,
                Precision = compiled?.Precision ?? Precision.Fp32,
                Fingerprint = options.ComputeFingerprint ? ModelFingerprint.Of(description.TransformerDirectory, weights: compiled is null ? GraphPath(description) : source.WeightsPath) : null,
            };
            return new SentenceTransformer(info, tokenizer, encoder, description.Normalizes);
        }
        catch
        {
            encoder?.Dispose();
            throw;
        }
    }

    /// <summary>A tokenizer whose ids all have a row in the model's token table.</summary>
    private static IModelTokenizer LoadTokenizer(ModelDescription description, ILogger logger)
    {
        var tokenizer = TokenizerLoader.Load(description.TransformerDirectory, description.MaxTokens);
        var configPath = Path.Combine(description.TransformerDirectory, "config.json");
        if (EncoderConfig.Read(configPath).Vocabulary is not { } rows)
            return tokenizer;
        if (tokenizer.VocabularySize > rows)
        {
            throw new ModelLoadException(
                $"{description.TransformerDirectory}: the tokenizer has {tokenizer.VocabularySize} tokens, but the model's table only {rows} rows (vocab_size of config.json): they are not of one model.");
        }

        // Tables are padded to round sizes; far more rows than tokens are a sign of somebody else's tokenizer.
        if (rows - tokenizer.VocabularySize > MaxPaddingRows)
            logger.LogWarning("The model's table has {Rows} rows, its tokenizer only {Tokens} tokens: are they of one model?", rows, tokenizer.VocabularySize);
        return tokenizer;
    }

    // The largest multiple that tables are commonly padded to.
    private const int MaxPaddingRows = 1024;

    private static PaddedEncoder OpenOwnGraph(
        ModelDescription description, CompiledModelSource source, int paddingId, int threads, string whyNot)
    {
        var path = GraphPath(description);
        if (!File.Exists(path) && File.Exists(source.WeightsPath))
            throw new ModelLoadException($"{source.WeightsPath} cannot be run: {whyNot}; and there is no {path} to run instead.");
        return new PaddedEncoder(path, description.Pooling, description.Dimensions, paddingId, threads);
    }

    private static string GraphPath(ModelDescription description)
    {
        const string graph = "onnx/model.onnx";
        var beside = Path.Combine(description.TransformerDirectory, graph);
        return File.Exists(beside) ? beside : Path.Combine(description.Root, graph);
    }
}
