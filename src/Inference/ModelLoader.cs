using ActorEmbed.Inference.Encoding;
using ActorEmbed.Inference.Models;
using ActorEmbed.Inference.Tokenization;

namespace ActorEmbed.Inference;

/// <summary>Opens a model directory.</summary>
public static class ModelLoader
{
    /// <summary>
    /// Loads the model in a directory that has the layout of a sentence-transformers repository: configuration,
    /// <c>sentencepiece.bpe.model</c> and <c>onnx/model.onnx</c>.
    /// </summary>
    /// <param name="directory">The directory that holds <c>modules.json</c>.</param>
    /// <param name="threads">Threads that share the work of one run, at least 1.</param>
    /// <exception cref="ModelLoadException">A file is missing or damaged, or the model is of a kind that cannot be run.</exception>
    public static IEmbeddingModel Load(string directory, int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        var description = ModelDirectory.Read(directory);
        var tokenizer = TokenizerLoader.Load(description.TransformerDirectory, description.MaxTokens);
        var encoder = new PaddedEncoder(
            GraphPath(description), description.Pooling, description.Dimensions, tokenizer.PaddingId, threads);
        var info = new ModelInfo(description.Id, encoder.Dimensions, description.MaxTokens, Device: "cpu")
        {
            VocabularySize = tokenizer.VocabularySize,
        };
        return new SentenceTransformer(info, tokenizer, encoder, description.Normalizes);
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
