namespace ActorEmbed.Inference.Hub;

/// <summary>
/// Makes a snapshot of finished blobs visible. Killed at any point it leaves a snapshot without weights, which nobody
/// takes for a model, and no branch that points at it.
/// </summary>
internal sealed class SnapshotWriter(HubCache cache, bool useSymlinks)
{
    /// <summary>Puts the files into the snapshot in the order given, and then points the revision at it.</summary>
    public void Publish(
        ModelReference reference, string commit, IReadOnlyList<HubFile> files, IReadOnlyList<string> absent)
    {
        foreach (var path in absent)
            MarkAbsent(cache.AbsencePath(reference.Id, commit, path));
        Place(reference, commit, files);
        if (!reference.IsPinned)
            Replace(reference.Id, cache.RefPath(reference.Id, reference.Revision), path => File.WriteAllText(path, commit));
    }

    /// <summary>Puts the files into the snapshot in the order given; those of a model that is not whole yet.</summary>
    public void Place(ModelReference reference, string commit, IReadOnlyList<HubFile> files)
    {
        var snapshot = cache.SnapshotDirectory(reference.Id, commit);
        foreach (var file in files)
            Place(reference.Id, file, Path.Combine([snapshot, .. file.Path.Split('/')]));
    }

    private static void MarkAbsent(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Create(path).Dispose();
    }

    private void Place(string modelId, HubFile file, string path)
    {
        if (HubCache.HasSize(path, file.Size))
            return;
        var blob = cache.BlobPath(modelId, file.Digest);
        if (useSymlinks && TryReplaceByLink(modelId, path, blob))
            return;
        // Moved, not copied: a model is not to take its space twice. The next pull finds it in the snapshot.
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Move(blob, path, overwrite: true);
    }

    private bool TryReplaceByLink(string modelId, string path, string blob)
    {
        // Relative, so that a cache may be moved or mounted elsewhere.
        var target = Path.GetRelativePath(Path.GetDirectoryName(path)!, blob);
        try
        {
            Replace(modelId, path, link => File.CreateSymbolicLink(link, target));
            return HubCache.HasSize(path, new FileInfo(blob).Length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            // Windows lets only developers and administrators create links; some file systems have none.
            return false;
        }
    }

    /// <summary>Creates beside and renames, so that a reader sees the old or the new, never a part.</summary>
    private void Replace(string modelId, string path, Action<string> create)
    {
        var temporary = Path.Combine(cache.RepositoryDirectory(modelId), $"tmp_{Guid.NewGuid():N}");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        try
        {
            create(temporary);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
