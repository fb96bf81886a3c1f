using System.Globalization;
using System.Security.Cryptography;

namespace ActorEmbed.Inference.Compilation.Cache;

/// <summary>
/// SHA-256 of the source file. Hashing 1.1 GB takes most of a second, so the result is kept beside the compiled models
/// for as long as the file has the same length and time of change.
/// </summary>
internal static class SourceHash
{
    // Enough that the notes of the few models that share a cache do not meet.
    private const int NameCharacters = 16;

    /// <param name="sourcePath">The file to hash.</param>
    /// <param name="cacheRoots">Directories to look for the note in; it is written to the first that takes it.</param>
    public static string Compute(string sourcePath, IReadOnlyList<string> cacheRoots)
    {
        var path = Path.GetFullPath(sourcePath);
        var stamp = Stamp(path);
        var noteName = $"source-{Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(path)))[..NameCharacters]}.txt";
        foreach (var root in cacheRoots)
        {
            if (ReadNote(Path.Combine(root, noteName)) is [var noted, var hash] && noted == stamp)
                return hash;
        }

        using var source = File.OpenRead(path);
        var computed = Convert.ToHexStringLower(SHA256.HashData(source));
        _ = cacheRoots.Any(root => TryWriteNote(root, noteName, $"{stamp}\n{computed}"));
        return computed;
    }

    private static string Stamp(string path)
    {
        // A file of the Hugging Face cache is a link: what counts is the file behind it.
        var file = new FileInfo(path);
        file = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
        return string.Create(CultureInfo.InvariantCulture, $"{file.Length} bytes, changed {file.LastWriteTimeUtc:O}");
    }

    private static string[] ReadNote(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static bool TryWriteNote(string root, string name, string content)
    {
        try
        {
            Directory.CreateDirectory(root);
            // Renamed into place, so that nobody reads half a note.
            var temporary = Path.Combine(root, $"{name}.{Guid.NewGuid():N}.tmp");
            File.WriteAllText(temporary, content);
            File.Move(temporary, Path.Combine(root, name), overwrite: true);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
