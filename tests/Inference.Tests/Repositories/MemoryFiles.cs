using System.Text;
using ActorEmbed.Inference.Repositories;

namespace ActorEmbed.Inference.Tests.Repositories;

/// <summary>A repository of names; what has content can be read, the rest has yet to be fetched.</summary>
internal sealed class MemoryFiles(params IEnumerable<string> paths) : IRepositoryFiles
{
    private readonly HashSet<string> _paths = [.. paths];
    private readonly Dictionary<string, byte[]> _contents = [];

    public MemoryFiles Put(string path, string content) => Put(path, Encoding.UTF8.GetBytes(content));

    public MemoryFiles Put(string path, byte[] content)
    {
        _paths.Add(path);
        _contents[path] = content;
        return this;
    }

    public MemoryFiles Remove(string path)
    {
        _paths.Remove(path);
        return this;
    }

    public bool Has(string path) => _paths.Contains(path);

    public IEnumerable<string> NamesIn(string directory) => _paths
        .Where(path => RepositoryPath.DirectoryOf(path) == directory)
        .Select(path => path[(path.LastIndexOf('/') + 1)..]);

    public Stream? TryOpen(string path) => _contents.TryGetValue(path, out var content) ? new MemoryStream(content) : null;

    public string Describe(string path) => path;
}
