namespace ActorEmbed.Inference.Repositories;

/// <summary>The ONNX graphs of a repository, by their names.</summary>
internal static class GraphFiles
{
    private const string Folder = "onnx";
    private const string Main = "model.onnx";
    private const string VariantPrefix = "model_";
    private const string Suffix = ".onnx";

    /// <summary>Where the main graph is looked for, in this order.</summary>
    public static IReadOnlyList<string> MainPaths(string transformerPath) => Paths(transformerPath, Main);

    /// <summary>Where the graph that a variant names is looked for, in this order.</summary>
    public static IReadOnlyList<string> VariantPaths(string transformerPath, string variant) =>
        Paths(transformerPath, $"{VariantPrefix}{variant}{Suffix}");

    /// <summary>The variants that a repository has.</summary>
    public static IReadOnlyList<string> Variants(IRepositoryFiles files, string transformerPath) =>
    [
        .. Directories(transformerPath).SelectMany(files.NamesIn)
            .Where(name => name.StartsWith(VariantPrefix, StringComparison.Ordinal) && name.EndsWith(Suffix, StringComparison.Ordinal)
                           && name.Length > VariantPrefix.Length + Suffix.Length)
            .Select(name => name[VariantPrefix.Length..^Suffix.Length])
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    /// <summary>
    /// Where exporters put external data: not to be relied on, the graph itself says it, but good enough to tell how much
    /// is to come before the graph has arrived.
    /// </summary>
    public static IEnumerable<string> LikelyDataFiles(IRepositoryFiles files, string graph)
    {
        var directory = RepositoryPath.DirectoryOf(graph);
        var name = graph[(directory.Length == 0 ? 0 : directory.Length + 1)..];
        return files.NamesIn(directory)
            .Where(other => other.StartsWith(name + "_data", StringComparison.Ordinal) || other.StartsWith(name + ".data", StringComparison.Ordinal))
            .Select(other => RepositoryPath.Join(directory, other));
    }

    private static string[] Paths(string transformerPath, string name) =>
        [.. Directories(transformerPath).Select(directory => RepositoryPath.Join(directory, name))];

    private static IEnumerable<string> Directories(string transformerPath)
    {
        string[] candidates = [RepositoryPath.Join(transformerPath, Folder), Folder, transformerPath, ""];
        return candidates.Distinct(StringComparer.Ordinal);
    }
}
