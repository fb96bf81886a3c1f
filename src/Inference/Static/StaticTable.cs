using ActorEmbed.Inference.Weights;

namespace ActorEmbed.Inference.Static;

/// <summary>Reads the table of a static model.</summary>
internal static class StaticTable
{
    // sentence-transformers' StaticEmbedding, and model2vec.
    private static readonly string[] TableNames = ["embedding.weight", "embeddings"];

    private const string Mapping = "mapping";
    private const string Weights = "weights";

    /// <exception cref="ModelLoadException">The file is missing or damaged, or its parts do not fit each other.</exception>
    public static StaticEncoder Read(string path)
    {
        using var file = new SafetensorsFile(path);
        if (TableNames.Select(file.Find).FirstOrDefault(found => found is not null) is not { Shape: [var rows, var dimensions] } table || rows < 1 || dimensions < 1)
            throw new ModelLoadException($"{path} has no table of token vectors ({string.Join(" or ", TableNames)}).");
        // A table is one array.
        if (table.Elements > Array.MaxLength)
            throw new ModelLoadException($"{path}: tensor '{table.Name}' has {table.Elements} numbers, more than {Array.MaxLength}.");
        var mapping = file.Find(Mapping) is { } mapped ? Checked(path, file.ReadIntegers(mapped), rows) : null;
        var weights = file.Find(Weights) is { } weighed ? file.ReadFloats(weighed) : null;
        if (weights is not null && weights.Length != (mapping?.Length ?? rows))
            throw new ModelLoadException($"{path}: tensor '{Weights}' has {weights.Length} numbers for {mapping?.Length ?? rows} tokens.");
        return new StaticEncoder(file.ReadFloats(table), (int)dimensions, mapping, weights);
    }

    private static int[] Checked(string path, long[] mapping, long rows) => Array.FindIndex(mapping, row => row < 0 || row >= rows) is >= 0 and var at
        ? throw new ModelLoadException($"{path}: tensor '{Mapping}' names row {mapping[at]} of {rows}.")
        : Array.ConvertAll(mapping, row => (int)row);
}
