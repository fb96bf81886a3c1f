namespace ActorEmbed.Inference.Hub;

/// <summary>Reads what a person wrote as the path of a model.</summary>
internal static class ModelPath
{
    private const string Home = "~";

    // The layout of the Hugging Face cache: models--owner--name/snapshots/COMMIT, and the branches in refs/.
    private const string Snapshots = "snapshots";
    private const string MainBranch = "refs/main";

    /// <summary>With the home directory in the place of ~, which a shell leaves as it is within quotes.</summary>
    public static string Expand(string path) => path == Home || path.StartsWith("~/", StringComparison.Ordinal)
        ? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + path[Home.Length..]
        : path;

    /// <summary>The directory itself; for a repository of the Hugging Face cache the snapshot that is meant.</summary>
    /// <exception cref="ModelLoadException">It has several snapshots, and none is that of the branch main.</exception>
    public static string Resolve(string directory)
    {
        var snapshots = Path.Combine(directory, Snapshots);
        if (!Directory.Exists(snapshots) || File.Exists(Path.Combine(directory, "config.json")))
            return directory;
        var all = Directory.GetDirectories(snapshots).Order(StringComparer.Ordinal).ToArray();
        var branch = Path.Combine(directory, MainBranch);
        if (File.Exists(branch) && all.FirstOrDefault(snapshot => Path.GetFileName(snapshot) == File.ReadAllText(branch).Trim()) is { } main)
            return main;
        return all.Length == 1
            ? all[0]
            : throw new ModelLoadException(all.Length == 0
                ? $"{directory} is a repository of the Hugging Face cache without a snapshot: pull the model again."
                : $"{directory} is a repository of the Hugging Face cache with several snapshots: name one of {string.Join(", ", all)}.");
    }
}
