namespace ActorEmbed.Client.Sidecar;

/// <summary>
/// Finds the server: the option, the environment variable, a copy shipped with the application, then PATH. What is named
/// explicitly is never silently replaced by something found elsewhere.
/// </summary>
internal static class ExecutableFinder
{
    public const string Variable = "ACTOREMBED_EXECUTABLE";

    private const string Name = "actorembed";

    /// <param name="option">Path, or a bare name on PATH; null when not set.</param>
    /// <param name="environment">The variables that the server will see.</param>
    /// <param name="applicationDirectory">Where the host application lies.</param>
    /// <exception cref="ActorEmbedException">StartFailed, with the places that were looked at.</exception>
    public static string Find(string? option, IDictionary<string, string?> environment, string applicationDirectory)
    {
        if (!string.IsNullOrEmpty(option))
            return Named($"the option {nameof(ActorEmbedSidecarOptions.ExecutablePath)}", option, environment);
        if (environment.TryGetValue(Variable, out var variable) && !string.IsNullOrEmpty(variable))
            return Named($"the environment variable {Variable}", variable, environment);

        var file = OperatingSystem.IsWindows() ? $"{Name}.exe" : Name;
        string[] shipped = [applicationDirectory, Path.Combine(applicationDirectory, Name)];
        return shipped.SelectMany(folder => new[] { Path.Combine(folder, file), Path.Combine(folder, $"{Name}.dll") })
            .Concat(PathFolders(environment).Select(folder => Path.Combine(folder, file)))
            .FirstOrDefault(File.Exists)
            ?? throw NotFound($"set the option {nameof(ActorEmbedSidecarOptions.ExecutablePath)} or {Variable}, or put {file} on PATH or into {string.Join(" or ", shipped)}.");
    }

    private static string Named(string source, string path, IDictionary<string, string?> environment)
    {
        var isBareName = Path.GetFileName(path) == path;
        var candidates = isBareName ? PathFolders(environment).Select(folder => Path.Combine(folder, path)) : [Path.GetFullPath(path)];
        return candidates.FirstOrDefault(File.Exists)
            ?? throw NotFound($"{source} says {path}, which {(isBareName ? "is not on PATH" : "does not exist")}.");
    }

    private static string[] PathFolders(IDictionary<string, string?> environment) =>
        (environment.TryGetValue("PATH", out var path) ? path ?? "" : "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    private static ActorEmbedException NotFound(string why) =>
        new(ActorEmbedErrorCode.StartFailed, $"The server's executable was not found: {why}");
}
