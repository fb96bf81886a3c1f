using ActorEmbed.Inference.Files;
using Microsoft.Extensions.Logging;

namespace ActorEmbed.Inference.Compilation.Cache;

/// <summary>
/// Compiled models on disk. A model is built in a directory of its own and renamed into place when it is complete, so
/// that a name that is there stands for a whole model, whatever happened to its builder.
/// </summary>
internal sealed class CompiledModelCache(IReadOnlyList<string> roots, ILogger logger)
{
    private const string PartialSuffix = ".partial";
    private const string LockSuffix = ".lock";

    // EROFS on Linux and macOS.
    private const int ReadOnlyFileSystem = 30;

    // Longer than any holiday: what nobody opened for so long was left behind by an update.
    private static readonly TimeSpan UnusedLimit = TimeSpan.FromDays(60);

    /// <summary>That a graph failed its self-test on this machine before, if it did and that still counts.</summary>
    public CompiledModelRejection? FindRejection(CompiledModelKey key) => roots
        .Select(root => CompiledModelRejection.TryRead(RejectionPath(root, key)))
        .FirstOrDefault(rejection => rejection is { HasExpired: false });

    /// <summary>All that still counts, of whatever model is kept there.</summary>
    public IEnumerable<CompiledModelRejection> FindRejections() => roots
        .Where(Directory.Exists)
        .SelectMany(root => Directory.EnumerateFiles(root, "*" + CompiledModelRejection.Suffix))
        .Select(CompiledModelRejection.TryRead)
        .OfType<CompiledModelRejection>()
        .Where(rejection => !rejection.HasExpired);

    /// <summary>The directory of a model that was built before, or null. What is damaged is as good as absent.</summary>
    public string? Find(CompiledModelKey key)
    {
        foreach (var directory in roots.Select(root => Path.Combine(root, key.DirectoryName)).Where(Directory.Exists))
        {
            if (CompiledModelManifest.FindDamage(directory) is not { } damage)
            {
                MarkUsed(directory);
                return directory;
            }

            logger.LogWarning("Compiled model {Directory} is damaged and will be built again: {Damage}", directory, damage);
        }

        return null;
    }

    /// <summary>Builds a model, or waits for another process that is building it.</summary>
    /// <param name="key">Which model.</param>
    /// <param name="write">
    /// Writes its files to the given directory and returns what the self-test found, or null. Only that rejects a graph:
    /// what it throws fails this call and leaves nothing behind.
    /// </param>
    /// <param name="replace">A directory of <see cref="Find"/> that turned out not to load.</param>
    /// <returns>The directory, or null where the graph was rejected.</returns>
    /// <exception cref="UnauthorizedAccessException">No place may be written.</exception>
    /// <exception cref="IOException">No place can be written at the moment, as on a full disk.</exception>
    public string? Build(CompiledModelKey key, Func<string, string?> write, string? replace = null)
    {
        IOException? passing = null;
        var reasons = new List<string>();
        foreach (var root in roots)
        {
            try
            {
                CompiledModelRoots.Create(root);
                using var held = FileLock.Acquire(Path.Combine(root, key.DirectoryName + LockSuffix));
                var built = BuildLocked(root, key, write, replace);
                if (built is not null && CompiledModelRoots.IsTemporary(root))
                {
                    logger.LogWarning(
                        "The compiled model is kept in {Directory}, which a restart may empty: it is compiled again then. Make one of these writable to keep it: {Better}",
                        root, string.Join(", ", roots.Where(other => other != root)));
                }

                return built;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                logger.LogInformation("No compiled model can be kept in {Directory}: {Reason}", root, e.Message);
                reasons.Add(e.Message.TrimEnd('.'));
                passing ??= e is IOException { HResult: not ReadOnlyFileSystem } failure ? failure : null;
            }
        }

        var message = $"no place for the compiled model can be written: {string.Join("; ", reasons)}";
        throw passing is null ? new UnauthorizedAccessException(message) : new IOException(message, passing);
    }

    private static string RejectionPath(string root, CompiledModelKey key) =>
        Path.Combine(root, key.DirectoryName + CompiledModelRejection.Suffix);

    private static string? BuildLocked(string root, CompiledModelKey key, Func<string, string?> write, string? replace)
    {
        var complete = Path.Combine(root, key.DirectoryName);
        // Whoever held the lock before may have built it.
        if (replace != complete && Directory.Exists(complete) && CompiledModelManifest.FindDamage(complete) is null)
            return complete;

        RemoveLeftovers(root, key.DirectoryName);
        var partial = complete + PartialSuffix;
        Directory.CreateDirectory(partial);
        try
        {
            if (write(partial) is { } reason)
            {
                new CompiledModelRejection($"{key.Kind}", reason, DateTimeOffset.UtcNow, key.RuntimeVersion, key.Accelerator ?? key.Cpu)
                    .Write(RejectionPath(root, key));
                return null;
            }

            CompiledModelManifest.Write(partial, key);
            Protect(partial);
            if (Directory.Exists(complete))
                Directory.Delete(complete, recursive: true);
            Directory.Move(partial, complete);
            File.Delete(RejectionPath(root, key));
            return complete;
        }
        finally
        {
            if (Directory.Exists(partial))
                Directory.Delete(partial, recursive: true);
        }
    }

    /// <summary>What is mapped must not be written any more: nobody should do so by mistake.</summary>
    private static void Protect(string directory)
    {
        if (OperatingSystem.IsWindows())
            return;
        foreach (var name in new[] { CompiledModelFiles.Graph, CompiledModelFiles.Weights })
            File.SetUnixFileMode(Path.Combine(directory, name), UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
    }

    /// <summary>Removes what dead builders left, and models that nobody has opened for long.</summary>
    private static void RemoveLeftovers(string root, string ownName)
    {
        SourceVersion.RemoveLeftovers(root);
        foreach (var directory in Directory.GetDirectories(root))
        {
            var name = Path.GetFileName(directory);
            var isPartial = name.EndsWith(PartialSuffix, StringComparison.Ordinal);
            var model = isPartial ? name[..^PartialSuffix.Length] : name;
            var manifest = Path.Combine(directory, CompiledModelFiles.Manifest);
            if (!isPartial && (!File.Exists(manifest) || DateTime.UtcNow - File.GetLastWriteTimeUtc(manifest) < UnusedLimit))
                continue;

            // The lock of the own model is held already; of another one it says whether its builder is alive.
            using var held = model == ownName ? null : FileLock.TryAcquire(Path.Combine(root, model + LockSuffix));
            if (model == ownName || held is not null)
                Directory.Delete(directory, recursive: true);
        }
    }

    private static void MarkUsed(string directory)
    {
        try
        {
            File.SetLastWriteTimeUtc(Path.Combine(directory, CompiledModelFiles.Manifest), DateTime.UtcNow);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A read-only cache is never cleaned either.
        }
    }
}
