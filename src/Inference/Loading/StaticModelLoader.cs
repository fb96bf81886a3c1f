using System.Text.Json;
using ActorEmbed.Inference.Devices;
using ActorEmbed.Inference.Files;
using ActorEmbed.Inference.Models;
using ActorEmbed.Inference.Modules;
using ActorEmbed.Inference.Repositories;
using ActorEmbed.Inference.Static;
using ActorEmbed.Inference.Tokenization;

namespace ActorEmbed.Inference.Loading;

/// <summary>Opens a static model: StaticEmbedding of sentence-transformers, or a table made by model2vec.</summary>
internal static class StaticModelLoader
{
    /// <exception cref="ModelLoadException">A file is missing or damaged, or the files do not belong together.</exception>
    public static SentenceTransformer Load(ModelDescription description, ModelOptions options)
    {
        var directory = description.TransformerDirectory;
        var encoder = StaticTable.Read(description.WeightsPaths[^1]);
        var isModel2Vec = description.Plan.Config?.Text("model_type") == ModelPlanner.Model2VecType;
        var tokenizer = isModel2Vec
            ? LoadModel2VecTokenizer(directory, description.MaxTokens)
            : TokenizerLoader.LoadWithoutSpecialTokens(directory, description.MaxTokens);
        if (tokenizer.VocabularySize > encoder.Vocabulary)
        {
            throw new ModelLoadException(
                $"{directory}: the tokenizer has {tokenizer.VocabularySize} tokens, but the model's table only {encoder.Vocabulary}: they are not of one model.");
        }

        List<IVectorModule> modules = [.. VectorModules.Read(description)];
        if (isModel2Vec && description.Plan.Config!.Flag("normalize") == true && !modules.OfType<NormalizeModule>().Any())
            modules.Insert(0, new NormalizeModule());
        var dimensions = modules.Aggregate(encoder.Dimensions, (length, module) => module.DimensionsAfter(length));
        var info = new ModelInfo(description.Id, dimensions, description.MaxTokens, Device.Cpu.Name())
        {
            VocabularySize = tokenizer.VocabularySize,
            TokenDimensions = encoder.TokenDimensions,
            Prompts = description.Prompts,
            Matryoshka = description.MatryoshkaOf(dimensions),
            Pooling = "mean",
        };
        return new SentenceTransformer(ModelLoader.Described(info, description, options), tokenizer, encoder, modules, description.PoolsPrompt);
    }

    private static Model2VecTokenizer LoadModel2VecTokenizer(string directory, int maxTokens)
    {
        // More than are kept: those that are not known are left out afterwards.
        var tokenizer = TokenizerLoader.LoadWithoutSpecialTokens(directory, int.MaxValue >> 1);
        var (unknown, lengths) = ReadVocabulary(Path.Combine(directory, TokenizerFiles.Json));
        return new Model2VecTokenizer(tokenizer, unknown, maxTokens, MedianOf(lengths));
    }

    /// <summary>The id of the unknown token, and the length of every entry in characters.</summary>
    private static (int? UnknownId, List<int> Lengths) ReadVocabulary(string path)
    {
        using var document = JsonDocument.Parse(ModelFile.ReadAllBytes(path));
        var model = document.RootElement.GetProperty("model");
        var vocabulary = model.GetProperty("vocab");
        var unknown = model.TryGetProperty("unk_token", out var token) && token.ValueKind == JsonValueKind.String ? token.GetString() : null;
        List<int> lengths = vocabulary.ValueKind == JsonValueKind.Object
            ? [.. vocabulary.EnumerateObject().Select(entry => CharactersOf(entry.Name))]
            : [.. vocabulary.EnumerateArray().Select(entry => CharactersOf(entry[0].GetString()!))];
        return (unknown is not null && vocabulary.ValueKind == JsonValueKind.Object && vocabulary.TryGetProperty(unknown, out var id) ? id.GetInt32() : null, lengths);
    }

    private static int CharactersOf(string entry) => entry.EnumerateRunes().Count();

    private static int MedianOf(List<int> lengths)
    {
        lengths.Sort();
        var middle = lengths.Count / 2;
        return Math.Max(1, lengths.Count % 2 == 1 ? lengths[middle] : (lengths[middle - 1] + lengths[middle]) / 2);
    }
}
