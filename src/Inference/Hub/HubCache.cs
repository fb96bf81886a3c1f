using ActorEmbed.Inference.Repositories;

namespace ActorEmbed.Inference.Hub;

/// <summary>
/// The directory that Hugging Face's tools share: <c>models--owner--name</c> with <c>blobs</c> (files by hash),
/// <c>snapshots</c> (files by name, one directory a commit) and <c>refs</c> (the commit a branch stood at).
/// </summary>
internal sealed class HubCache(string root)
{
    /// <summary>The signature of the Cache Directory Tagging Specification, which huggingface_hub writes, too.</summary>
    private const string CacheDirectoryTag = "Signature: 8a477f597d28d172789f06886806bc55\n# Models that can be fetched again.\n";

    public string Root => root;

    public string RepositoryDirectory(string modelId) => Path.Combine(root, FolderName(modelId));

    public string BlobPath(string modelId, BlobDigest digest) =>
        Path.Combine(RepositoryDirectory(modelId), "blobs", digest.Hex);

    public string SnapshotDirectory(string modelId, string commit) =>
        Path.Combine(RepositoryDirectory(modelId), "snapshots", commit);

    public string RefPath(string modelId, string revision) =>
        Path.Combine([RepositoryDirectory(modelId), "refs", .. revision.Split('/')]);

    /// <summary>Where other tools note that a commit is known not to have a file.</summary>
    public string AbsencePath(string modelId, string commit, string path) =>
        Path.Combine([RepositoryDirectory(modelId), ".no_exist", commit, .. path.Split('/')]);

    /// <summary>Where huggingface_hub keeps the list of all files of a commit.</summary>
    public string TreePath(string modelId, string commit) =>
        Path.Combine(RepositoryDirectory(modelId), "trees", commit + ".json");

    /// <summary>The same lock that huggingface_hub takes before it writes the blob.</summary>
    public string LockPath(string modelId, string name) =>
        Path.Combine(root, ".locks", FolderName(modelId), name + ".lock");

    /// <summary>Creates the directory, and marks it as one that backups may leave out.</summary>
    public void Create()
    {
        Directory.CreateDirectory(root);
        var tag = Path.Combine(root, "CACHEDIR.TAG");
        if (!File.Exists(tag))
            File.WriteAllText(tag, CacheDirectoryTag);
    }

    /// <summary>
    /// Looks a model up without any call: a few directory entries and two small files are read.
    /// </summary>
    /// <param name="reference">What to look for.</param>
    /// <param name="acceptUnproven">
    /// Whether to take a snapshot that another tool filled and that may lack a file which is not in every repository.
    /// </param>
    public CachedModel Find(ModelReference reference, bool acceptUnproven)
    {
        try
        {
            var commit = reference.IsPinned ? reference.Revision : ReadRef(reference);
            if (commit is null)
                return CachedModel.Nothing;
            var snapshot = SnapshotDirectory(reference.Id, commit);
            if (!Directory.Exists(snapshot))
                return CachedModel.Nothing;

            var plan = ModelPlanner.Plan(new DirectoryFiles(snapshot), new ModelRequest(reference.Id, reference.Variant));
            string[] lacking = [.. plan.Missing, .. acceptUnproven ? [] : Unproven(reference.Id, commit, plan.Absent)];
            return new CachedModel(lacking.Length == 0 && plan.IsRunnable ? snapshot : null, lacking, plan.Refusal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ModelLoadException)
        {
            // What cannot be read is not there; a pull will say what is wrong with the directory.
            return CachedModel.Nothing;
        }
    }

    /// <summary>Whether a file, or what a link leads to, is there with this size.</summary>
    public static bool HasSize(string path, long size) => TryGetLength(path) == size;

    private static long? TryGetLength(string path)
    {
        try
        {
            // Opened, because File.Exists and FileInfo also answer for a link that leads nowhere.
            using var handle = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
            return RandomAccess.GetLength(handle);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Those of which neither our notes nor those of other tools say that the repository does not have them.</summary>
    private IEnumerable<string> Unproven(string modelId, string commit, IReadOnlyList<string> absent)
    {
        var unnoted = absent.Where(path => !File.Exists(AbsencePath(modelId, commit, path))).ToList();
        return unnoted.Count > 0 && KnownTree.TryRead(TreePath(modelId, commit)) is { } tree ? unnoted.Where(tree.Contains) : unnoted;
    }

    private string? ReadRef(ModelReference reference)
    {
        var path = RefPath(reference.Id, reference.Revision);
        var commit = File.Exists(path) ? File.ReadAllText(path).Trim() : "";
        return ModelReference.IsCommitHash(commit) ? commit : null;
    }

    private static string FolderName(string modelId) =>
        "models--" + modelId.Replace("/", "--", StringComparison.Ordinal);
}
