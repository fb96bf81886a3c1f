using ActorEmbed.Inference.Files;
using ActorEmbed.Inference.Tokenization.Pipeline.Json;

namespace ActorEmbed.Inference.Tokenization;

/// <summary>What the configuration beside a tokenizer says about it.</summary>
internal static class SentenceConfig
{
    /// <summary>
    /// sentence-transformers wrote one of seven names, after the kind of the model, and reads the first that is there.
    /// Without the file the maximal length would silently be another.
    /// </summary>
    public static IReadOnlyList<string> FileNames { get; } =
    [
        "sentence_bert_config.json", "sentence_roberta_config.json", "sentence_distilbert_config.json", "sentence_camembert_config.json",
        "sentence_albert_config.json", "sentence_xlm-roberta_config.json", "sentence_xlnet_config.json",
    ];

    /// <summary><c>do_lower_case</c>: sentence-transformers itself lower-cases the text, whatever the tokenizer does.</summary>
    /// <exception cref="ModelLoadException">The file is damaged.</exception>
    public static bool Lowercases(string modelDirectory)
    {
        if (FileNames.Select(name => Path.Combine(modelDirectory, name)).FirstOrDefault(File.Exists) is not { } path)
            return false;
        using var document = JsonPart.Parse(path);
        return new JsonPart(path, document.RootElement).Flag("do_lower_case");
    }

    /// <summary><c>model_type</c> of config.json; null where there is none.</summary>
    /// <exception cref="ModelLoadException">The file is damaged.</exception>
    public static string? ModelType(string modelDirectory)
    {
        var path = Path.Combine(modelDirectory, ModelFile.Configuration);
        if (!File.Exists(path))
            return null;
        using var document = JsonPart.Parse(path);
        return new JsonPart(path, document.RootElement).TextOrNull("model_type");
    }
}
