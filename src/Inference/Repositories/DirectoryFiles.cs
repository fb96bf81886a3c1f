using ActorEmbed.Inference.Files;

namespace ActorEmbed.Inference.Repositories;

/// <summary>A repository on the disk.</summary>
/// <param name="root">The directory that holds <c>modules.json</c> or <c>config.json</c>.</param>
internal sealed class DirectoryFiles(string root) : IRepositoryFiles
{
    public bool Has(string path) => IsWhole(Describe(path));

    public IEnumerable<string> NamesIn(string directory)
    {
        var full = directory.Length == 0 ? root : Describe(directory);
        return Directory.Exists(full) ? Directory.EnumerateFiles(full).Where(IsWhole).Select(path => Path.GetFileName(path)) : [];
    }

    public Stream? TryOpen(string path)
    {
        if (!Has(path))
            return null;
        try
        {
            return new FileStream(ModelFile.Open(Describe(path)), FileAccess.Read);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelLoadException($"{Describe(path)} cannot be read: {e.Message}", e);
        }
    }

    public string Describe(string path) => Path.Combine([root, .. path.Split('/')]);

    /// <summary>An empty file is what a full disk leaves behind; none of ours is empty.</summary>
    private static bool IsWhole(string path)
    {
        try
        {
            // Opened, because File.Exists and FileInfo also answer for a link that leads nowhere.
            using var handle = ModelFile.Open(path);
            return RandomAccess.GetLength(handle) > 0;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A file that is there and cannot be read is told by whoever reads it.
            return File.Exists(path);
        }
    }
}
