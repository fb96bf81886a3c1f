using ActorEmbed.Inference.Compilation;
using ActorEmbed.Inference.Encoders;
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
    /// <exception cref="ModelLoadException">A file is missing or damaged, or the model is of a kind that cannot be run.</exception>
    public static IEmbeddingModel Load(string directory, ModelOptions? options = null, ILogger? logger = null)
    {
        options ??= new ModelOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1, nameof(options));
        var description = ModelDirectory.Read(directory);
        // A vocabulary of 250,000 pieces takes a good part of the time that a session takes to open: side by side.
        var tokenizing = Task.Run(() => TokenizerLoader.Load(description.TransformerDirectory, description.MaxTokens));
        var source = new CompiledModelSource(
            description.TransformerDirectory, description.Pooling, () => tokenizing.GetAwaiter().GetResult())
        {
            OnCompiling = () => options.OnCompiling?.Invoke(description.Id),
        };
        var compiled = CompiledEncoder.TryOpen(source, options.Precision, new EncoderOptions(options.Threads), logger ?? NullLogger.Instance);
        var encoder = compiled;
        try
        {
            var tokenizer = tokenizing.GetAwaiter().GetResult();
            encoder ??= new PaddedEncoder(
                GraphPath(description), description.Pooling, description.Dimensions, tokenizer.PaddingId, options.Threads);
            if (description.Dimensions is { } configured && configured != encoder.Dimensions)
                throw new ModelLoadException($"{directory}: the model gives {encoder.Dimensions} dimensions, but its configuration says {configured}.");

            var info = new ModelInfo(description.Id, encoder.Dimensions, description.MaxTokens, Device: "cpu")
            {
                VocabularySize = tokenizer.VocabularySize,
                Precision = compiled is null ? Precision.Fp32 : options.Precision,
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

    /// <summary>
    /// Reads the configuration without loading the weights, so that a wrong path is known at once.
    /// </summary>
    /// <exception cref="ModelLoadException">As for <see cref="Load"/>, as far as the configuration shows it.</exception>
    public static string ReadId(string directory) => ModelDirectory.Read(directory).Id;

    private static string GraphPath(ModelDescription description)
    {
        const string graph = "onnx/model.onnx";
        var beside = Path.Combine(description.TransformerDirectory, graph);
        return File.Exists(beside) ? beside : Path.Combine(description.Root, graph);
    }
}
