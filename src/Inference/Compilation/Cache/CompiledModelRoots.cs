namespace ActorEmbed.Inference.Compilation.Cache;

/// <summary>Where compiled models are kept, in the order of preference.</summary>
internal static class CompiledModelRoots
{
    private const string BesideModel = ".actorembed";

    /// <summary>
    /// Beside the model, so that it moves and disappears with it; in the user's cache where that cannot be written.
    /// A snapshot of the Hugging Face cache counts as read-only: its tools take every file in it for a downloaded one.
    /// There the place is the repository's directory above, which all snapshots share and deleting the repository deletes.
    /// </summary>
    /// <param name="modelDirectory">The directory that holds <c>model.safetensors</c>.</param>
    public static IReadOnlyList<string> For(string modelDirectory)
    {
        var beside = Path.Combine(HuggingFaceRepository(modelDirectory) ?? Path.GetFullPath(modelDirectory), BesideModel);
        return UserCache() is { } user ? [beside, user] : [beside];
    }

    /// <summary><c>models--organisation--name</c> of <c>models--organisation--name/snapshots/revision/…</c>.</summary>
    private static string? HuggingFaceRepository(string modelDirectory)
    {
        for (var directory = new DirectoryInfo(Path.GetFullPath(modelDirectory)); directory is not null; directory = directory.Parent)
        {
            if (directory.Parent is { Name: "snapshots", Parent: { } repository }
                && repository.Name.StartsWith("models--", StringComparison.Ordinal))
                return repository.FullName;
        }

        return null;
    }

    private static string? UserCache()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var cache =
            OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } xdg ? xdg
            : home.Length == 0 ? ""
            : OperatingSystem.IsMacOS() ? Path.Combine(home, "Library", "Caches")
            : Path.Combine(home, ".cache");
        return cache.Length == 0 ? null : Path.Combine(cache, "actorembed", "compiled");
    }
}
