using ActorEmbed.Inference.Files;

namespace ActorEmbed.Inference.Repositories;

/// <summary>Weights in one file, or in several that an index names.</summary>
internal static class SafetensorsIndex
{
    public const string SingleFile = "model.safetensors";

    public const string IndexFile = "model.safetensors.index.json";

    /// <summary>Names of the files that the tensors lie in, each once; relative to the index.</summary>
    /// <exception cref="ModelLoadException">The index is damaged.</exception>
    public static IReadOnlyList<string> FilesOf(JsonFile index)
    {
        var files = index.RequiredObject("weight_map").Texts().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return files.Count > 0 && files.All(RepositoryPath.IsSafe)
            ? files
            : throw new ModelLoadException($"{index.Name} names no file, or one outside of the model's directory: the model is damaged.");
    }
}
