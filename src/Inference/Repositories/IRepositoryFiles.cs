namespace ActorEmbed.Inference.Repositories;

/// <summary>
/// The files of a model repository, wherever they are: in a directory, or on a hub that has listed them. Paths are
/// relative, with forward slashes.
/// </summary>
internal interface IRepositoryFiles
{
    /// <summary>Whether the repository has the file.</summary>
    bool Has(string path);

    /// <summary>Names of the files directly in a directory; the root is the empty path.</summary>
    IEnumerable<string> NamesIn(string directory);

    /// <summary>Opens a file, seekable.</summary>
    /// <returns>Null where the file is not at hand: it has yet to be fetched.</returns>
    Stream? TryOpen(string path);

    /// <summary>How a message names the file.</summary>
    string Describe(string path);
}
