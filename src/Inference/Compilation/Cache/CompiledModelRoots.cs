using System.Globalization;
using ActorEmbed.Inference.Files;

namespace ActorEmbed.Inference.Compilation.Cache;

/// <summary>Where compiled models are kept, in the order of preference.</summary>
internal static class CompiledModelRoots
{
    private const string BesideModel = ".actorembed";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>
    /// Beside the model, so that it moves and disappears with it; in the user's cache where that cannot be written; for
    /// want of a better place in the system's directory for temporary files. A snapshot of the Hugging Face cache counts
    /// as read-only: its tools take every file in it for a downloaded one. There the place is the repository's directory
    /// above, which all snapshots share and deleting the repository deletes.
    /// What an application ships is left as it is too.
    /// </summary>
    /// <param name="modelDirectory">The directory that holds <c>model.safetensors</c>.</param>
    /// <param name="directory">The one place that is wanted; null for those above.</param>
    /// <param name="programDirectory">Where the executable lies; null for this one's.</param>
    public static IReadOnlyList<string> For(string modelDirectory, string? directory = null, string? programDirectory = null)
    {
        if (directory is not null)
            return [Path.GetFullPath(directory)];
        var model = Path.GetFullPath(modelDirectory);
        var beside = BelongsToApplication(model, programDirectory ?? AppContext.BaseDirectory)
            ? null
            : Path.Combine(HuggingFaceRepository(model) ?? model, BesideModel);
        string?[] roots = [beside, UserCache(), IsTrusted(Temporary) ? Temporary : null];
        return [.. roots.OfType<string>()];
    }

    /// <summary>
    /// Whether the model was shipped with an application. A file that is added to its folder breaks the seal of its signature
    /// (macOS), and goes with the next update.
    /// </summary>
    private static bool BelongsToApplication(string model, string programDirectory)
    {
        var program = Path.TrimEndingDirectorySeparator(Path.GetFullPath(programDirectory));
        return Above(model).Any(directory => IsBundle(directory) || IsResourcesOf(directory, program));
    }

    /// <summary>macOS: <c>Name.app/Contents</c>.</summary>
    private static bool IsBundle(string directory) => Path.GetFileName(directory) == "Contents"
        && Path.GetExtension(Path.GetDirectoryName(directory)) == ".app";

    /// <summary>Electron: the executable and the model lie below the same folder <c>resources</c>.</summary>
    private static bool IsResourcesOf(string directory, string program) =>
        Path.GetFileName(directory).Equals("resources", StringComparison.OrdinalIgnoreCase) && Above(program).Contains(directory);

    private static IEnumerable<string> Above(string directory)
    {
        for (string? at = directory; at is not null; at = Path.GetDirectoryName(at))
            yield return at;
    }

    /// <summary>Whether a model that is kept there may be gone at the machine's next start.</summary>
    public static bool IsTemporary(string root) => root == Temporary;

    /// <summary>Makes sure that a root is there.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be written, or belongs to somebody else.</exception>
    public static void Create(string root)
    {
        if (!IsTemporary(root) || OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(root);
            return;
        }

        Directory.CreateDirectory(root, OwnerOnly);
        if (!IsTrusted(root))
            throw new UnauthorizedAccessException($"{root} belongs to another user.");
    }

    /// <summary>Named after the user, since everybody shares the directory for temporary files.</summary>
    private static string Temporary { get; } = Path.Combine(
        Path.GetTempPath(),
        OperatingSystem.IsLinux()
            ? string.Create(CultureInfo.InvariantCulture, $"actorembed-compiled-{FileStatus.Self}")
            : "actorembed-compiled");

    /// <summary>Whoever makes the directory first could put a model of his own there; other systems have one for each user.</summary>
    private static bool IsTrusted(string root) =>
        FileStatus.Of(root, followsLinks: false) is not { } status
        || (status.IsDirectory && status.Owner == FileStatus.Self && (status.Permissions & ~OwnerOnly) == 0);

    /// <summary><c>models--organisation--name</c> of <c>models--organisation--name/snapshots/revision/…</c>.</summary>
    private static string? HuggingFaceRepository(string modelDirectory)
    {
        for (var directory = new DirectoryInfo(modelDirectory); directory is not null; directory = directory.Parent)
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
