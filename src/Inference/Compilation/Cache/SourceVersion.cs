using System.Security.Cryptography;
using System.Text;
using ActorEmbed.Inference.Files;

namespace ActorEmbed.Inference.Compilation.Cache;

/// <summary>Which bytes a file has. A compiled model belongs to them, not to a name, a length or a date.</summary>
/// <param name="Checksum">Of all bytes.</param>
/// <param name="Stamp">Of the file when the checksum was taken.</param>
internal sealed record SourceVersion(string Checksum, FileStamp Stamp)
{
    // Enough that the notes of the few models that share a cache do not meet.
    private const int NameCharacters = 16;
    private const string TemporarySuffix = ".tmp";
    private const string NotePrefix = "source-";

    // Longer than any write of a note takes.
    private static readonly TimeSpan LeftoverAge = TimeSpan.FromHours(1);

    /// <summary>
    /// Reads the file, which takes a fifth of a second for a gigabyte that is in memory; or takes the checksum from a
    /// note of an earlier start where the stamp proves that the bytes are the same.
    /// </summary>
    /// <param name="sourcePath">The file.</param>
    /// <param name="cacheRoots">Directories to look for the note in; it is written to the first that takes it.</param>
    /// <param name="time">Clock; null takes the system's.</param>
    /// <exception cref="IOException">The file is missing or unreadable.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be read.</exception>
    public static SourceVersion Read(string sourcePath, IReadOnlyList<string> cacheRoots, TimeProvider? time = null)
    {
        var path = Path.GetFullPath(sourcePath);
        using var file = ModelFile.Open(path, FileOptions.SequentialScan);
        var stamp = FileStamp.Of(file);
        var name = $"{NotePrefix}{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..NameCharacters]}.txt";
        var isSettled = stamp.ProvesContent && FileStamp.IsSettled(file, time ?? TimeProvider.System);
        if (isSettled)
        {
            foreach (var root in cacheRoots)
            {
                if (ReadNote(Path.Combine(root, name)) is [var noted, var known] && noted == stamp.ToString())
                    return new SourceVersion(known, stamp);
            }
        }

        var checksum = FileChecksum.Compute(file);
        if (isSettled && FileStamp.Of(file) == stamp)
            _ = cacheRoots.Any(root => TryWriteNote(root, name, $"{stamp}\n{checksum}"));
        return new SourceVersion(checksum, stamp);
    }

    /// <summary>Removes the halves of notes that a killed process left.</summary>
    public static void RemoveLeftovers(string root)
    {
        foreach (var path in Directory.EnumerateFiles(root, $"{NotePrefix}*{TemporarySuffix}"))
        {
            if (DateTime.UtcNow - File.GetLastWriteTimeUtc(path) > LeftoverAge)
                File.Delete(path);
        }
    }

    private static string[] ReadNote(string path)
    {
        try
        {
            return File.Exists(path) ? [.. ModelFile.ReadLines(path)] : [];
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
            CompiledModelRoots.Create(root);
            RemoveLeftovers(root);
            // Renamed into place, so that nobody reads half a note.
            var temporary = Path.Combine(root, $"{name}.{Guid.NewGuid():N}{TemporarySuffix}");
            try
            {
                File.WriteAllText(temporary, content);
                File.Move(temporary, Path.Combine(root, name), overwrite: true);
            }
            catch
            {
                // On a full disk the file is there, and empty.
                File.Delete(temporary);
                throw;
            }

            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
