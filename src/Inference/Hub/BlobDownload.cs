using System.Buffers;
using System.Net;
using ActorEmbed.Inference.Files;

namespace ActorEmbed.Inference.Hub;

/// <summary>Brings one file of a repository into the blobs of the cache: resumed, checked, and by one process at a time.</summary>
internal sealed class BlobDownload(
    HubApi api, HubCache cache, RetryPolicy retries, TimeProvider time, ModelReference reference, string commit,
    PullTracker tracker)
{
    /// <summary>Makes sure that the blob is there.</summary>
    /// <exception cref="ModelPullException">It cannot be had. What arrived is kept for the next run, unless it was wrong.</exception>
    public async Task RunAsync(HubFile file, CancellationToken cancellation)
    {
        using var held = await LockAsync(file, cancellation).ConfigureAwait(false);
        var blobPath = cache.BlobPath(reference.Id, file.Digest);
        if (Locate(file) is null)
        {
            var partial = await PartialBlob.OpenAsync(file, blobPath, cache.Root, cancellation).ConfigureAwait(false);
            await using (partial.ConfigureAwait(false))
            {
                tracker.Report(PullStage.Starting, file, partial.Length);
                await FillAsync(file, partial, cancellation).ConfigureAwait(false);
                await partial.CommitAsync().ConfigureAwait(false);
            }
        }

        tracker.Report(PullStage.FileDone, file, file.Size);
    }

    /// <summary>Where the file is in the cache: among the blobs or, where links are not possible, in the snapshot.</summary>
    /// <returns>Null when it is not there with its full size.</returns>
    public string? Locate(HubFile file)
    {
        // In this order: another process may be moving it from the one place to the other.
        string[] places = [cache.BlobPath(reference.Id, file.Digest), SnapshotPath(file)];
        return places.FirstOrDefault(path => HubCache.HasSize(path, file.Size));
    }

    /// <summary>The bytes of a small file that <see cref="RunAsync"/> has brought.</summary>
    public async Task<byte[]> ReadAsync(HubFile file, CancellationToken cancellation)
    {
        try
        {
            return await File.ReadAllBytesAsync(cache.BlobPath(reference.Id, file.Digest), cancellation).ConfigureAwait(false);
        }
        catch (FileNotFoundException)
        {
            return await File.ReadAllBytesAsync(SnapshotPath(file), cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Bytes of an absent file that are still to be fetched.</summary>
    public long Remaining(HubFile file)
    {
        var partial = new FileInfo(PartialBlob.PathOf(cache.BlobPath(reference.Id, file.Digest)));
        return Math.Max(0, file.Size - (partial.Exists ? partial.Length : 0));
    }

    private string SnapshotPath(HubFile file) =>
        Path.Combine([cache.SnapshotDirectory(reference.Id, commit), .. file.Path.Split('/')]);

    private async Task<FileLock> LockAsync(HubFile file, CancellationToken cancellation)
    {
        try
        {
            return await FileLock.AcquireAsync(
                cache.LockPath(reference.Id, file.Digest.Hex),
                () => tracker.Report(PullStage.Waiting, file, 0, $"another process is fetching {file.Path}; waiting for it"),
                time, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (DiskErrors.IsDiskError(e))
        {
            throw DiskErrors.Explain(e, $"the lock of {file.Path}", cache.Root);
        }
    }

    private async Task FillAsync(HubFile file, PartialBlob partial, CancellationToken cancellation)
    {
        // Wrong bytes are fetched once more, from the first on: a resumed part may have been the wrong one.
        for (var isSecondTry = false; ; isSecondTry = true)
        {
            try
            {
                await retries.RunAsync(
                    () => FetchRestAsync(file, partial, cancellation),
                    () => partial.HighestLength,
                    note => tracker.Report(PullStage.Retrying, file, partial.Length, note),
                    cancellation).ConfigureAwait(false);
                if (partial.IsRight())
                    return;
                throw Wrong(file, "its checksum is wrong");
            }
            catch (ModelPullException e) when (e.Failure == PullFailure.ChecksumMismatch)
            {
                if (isSecondTry)
                {
                    await partial.DeleteAsync().ConfigureAwait(false);
                    throw;
                }

                await partial.RestartAsync(isWrong: true).ConfigureAwait(false);
                tracker.Report(PullStage.Retrying, file, 0, $"{file.Path} arrived damaged; fetching it again");
            }
        }
    }

    private async Task<bool> FetchRestAsync(HubFile file, PartialBlob partial, CancellationToken cancellation)
    {
        // Ended between the last byte and the check, or an empty file.
        if (partial.Length == file.Size)
            return true;
        await api.ReadFileAsync(reference, commit, file, partial.Length, async (response, watch) =>
        {
            await AlignAsync(response, file, partial).ConfigureAwait(false);
            var stream = await response.Content.ReadAsStreamAsync(watch.Token).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
                await CopyAsync(stream, file, partial, watch, cancellation).ConfigureAwait(false);
        }, cancellation).ConfigureAwait(false);
        return true;
    }

    /// <summary>Makes what is there end where the answer begins.</summary>
    private static async Task AlignAsync(HttpResponseMessage response, HubFile file, PartialBlob partial)
    {
        var range = response.Content.Headers.ContentRange;
        switch (response.StatusCode)
        {
            case HttpStatusCode.PartialContent when range?.From == partial.Length:
                if (range.Length is { } total && total != file.Size)
                    throw Wrong(file, $"the server has {total} bytes of it instead of {file.Size}");
                break;
            case HttpStatusCode.OK:
                // Ranges are optional; the whole file is an answer, too.
                if (partial.Length > 0)
                    await partial.RestartAsync().ConfigureAwait(false);
                if (response.Content.Headers.ContentLength is { } length && length != file.Size)
                    throw Wrong(file, $"the server has {length} bytes of it instead of {file.Size}");
                break;
            default:
                await partial.RestartAsync().ConfigureAwait(false);
                throw ModelPullException.Transient(
                    PullFailure.Protocol,
                    $"The server does not continue {file.Path} where it ended ({(int)response.StatusCode})",
                    "try again, the file is then fetched from its beginning; if it stays so, check HF_ENDPOINT");
        }
    }

    private async Task CopyAsync(
        Stream stream, HubFile file, PartialBlob partial, StallWatch watch, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(PartialBlob.BufferBytes);
        try
        {
            for (int read; (read = await stream.ReadAsync(buffer, watch.Token).ConfigureAwait(false)) > 0;)
            {
                if (partial.Length + read > file.Size)
                    throw Wrong(file, $"the server sends more than its {file.Size} bytes");
                await partial.AppendAsync(buffer.AsMemory(0, read), cancellation).ConfigureAwait(false);
                tracker.Report(PullStage.Downloading, file, partial.Length);
                watch.Reset();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        // Without a length in the answer, a cut connection looks like an end.
        if (partial.Length < file.Size)
            throw new HttpIOException(HttpRequestError.ResponseEnded, "the answer ended early");
    }

    private static ModelPullException Wrong(HubFile file, string what) => new(
        PullFailure.ChecksumMismatch,
        $"{file.Path} is not what the hub announced, twice: {what}. It was deleted; try again, and if it stays so, " +
        "check what HF_ENDPOINT or a proxy puts in between.");
}
