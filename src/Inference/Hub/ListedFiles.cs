using ActorEmbed.Inference.Repositories;

namespace ActorEmbed.Inference.Hub;

/// <summary>A repository on the hub: its list, and of its content what has been fetched.</summary>
/// <param name="listing">The list.</param>
/// <param name="locate">Where a file lies in the cache; null where it does not.</param>
internal sealed class ListedFiles(RepositoryListing listing, Func<string, string?> locate) : IRepositoryFiles
{
    // An empty file says nothing, and is the same as none here and in a directory.
    public bool Has(string path) => listing.Files.TryGetValue(path, out var file) && file.Size != 0;

    public IEnumerable<string> NamesIn(string directory) => listing.Files.Keys
        .Where(path => RepositoryPath.DirectoryOf(path) == directory && Has(path))
        .Select(path => path[(directory.Length == 0 ? 0 : directory.Length + 1)..]);

    public Stream? TryOpen(string path) => Has(path) && locate(path) is { } place ? File.OpenRead(place) : null;

    public string Describe(string path) => path;
}
