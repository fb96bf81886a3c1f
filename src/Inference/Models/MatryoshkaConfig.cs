using ActorEmbed.Inference.Files;

namespace ActorEmbed.Inference.Models;

/// <summary>Finds the lengths that a repository names for its vectors.</summary>
internal static class MatryoshkaConfig
{
    // In config.json (Jina v3, arctic-embed v2) or beside the prompts.
    private const string Field = "matryoshka_dimensions";

    /// <param name="dimensions">Length of a whole vector: what is not shorter is no choice.</param>
    /// <param name="files">Where the repository may say so.</param>
    /// <exception cref="ModelLoadException">The field is no list of whole numbers of at least 1.</exception>
    public static MatryoshkaDimensions Read(int dimensions, params IEnumerable<JsonFile?> files)
    {
        var lengths = files.OfType<JsonFile>().SelectMany(file => file.Counts(Field)).Where(length => length < dimensions).ToArray();
        return lengths.Length == 0 ? MatryoshkaDimensions.None : new MatryoshkaDimensions(lengths);
    }
}
