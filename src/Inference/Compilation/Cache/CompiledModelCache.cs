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
    private const string RejectedSuffix = ".rejected";

    // Longer than any holiday: what nobody opened for so long was left behind by an update.
    private static readonly TimeSpan UnusedLimit = TimeSpan.FromDays(60);

    /// <summary>Why a graph failed its self-test on this machine before, if it did.</summary>
    public string? FindRejection(CompiledModelKey key) => roots
        .Select(root => Path.Combine(root, key.DirectoryName + RejectedSuffix))
        .Where(File.Exists)
        .Select(File.ReadAllText)
        .FirstOrDefault();

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
    /// <param name="write">Writes its files to the given directory and returns why they must not be used, or null.</param>
    /// <param name="replace">A directory of <see cref="Find"/> that turned out not to load.</param>
    /// <returns>The directory, or null where the model was rejected or no place can be written.</returns>
    public string? Build(CompiledModelKey key, Func<string, string?> write, string? replace = null)
    {
        foreach (var root in roots)
        {
            try
            {
                Directory.CreateDirectory(root);
                using var held = BuildLock.Acquire(Path.Combine(root, key.DirectoryName + LockSuffix));
                return BuildLocked(root, key, write, replace);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                logger.LogInformation("No compiled model can be kept in {Directory}: {Reason}", root, e.Message);
            }
        }

        return null;
    }

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
                File.WriteAllText(complete + RejectedSuffix, reason);
                return null;
            }

            CompiledModelManifest.Write(partial, key);
            if (Directory.Exists(complete))
                Directory.Delete(complete, recursive: true);
            Directory.Move(partial, complete);
            return complete;
        }
        finally
        {
            if (Directory.Exists(partial))
                Directory.Delete(partial, recursive: true);
        }
    }

    /// <summary>Removes what dead builders left, and models that nobody has opened for long.</summary>
    private static void RemoveLeftovers(string root, string ownName)
    {
        foreach (var directory in Directory.GetDirectories(root))
        {
            var name = Path.GetFileName(directory);
            var isPartial = name.EndsWith(PartialSuffix, StringComparison.Ordinal);
            var model = isPartial ? name[..^PartialSuffix.Length] : name;
            var manifest = Path.Combine(directory, CompiledModelFiles.Manifest);
            if (!isPartial && (!File.Exists(manifest) || DateTime.UtcNow - File.GetLastWriteTimeUtc(manifest) < UnusedLimit))
                continue;

            // The lock of the own model is held already; of another one it says whether its builder is alive.
            using var held = model == ownName ? null : BuildLock.TryAcquire(Path.Combine(root, model + LockSuffix));
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
