using ActorEmbed.Inference.Files;

namespace ActorEmbed.Inference.Hub;

/// <summary>One pull of one model that the cache does not have.</summary>
internal sealed class ModelPull(
    HubApi api, HubCache cache, HubOptions options, TimeProvider time, ModelReference reference, PullTracker tracker)
{
    private readonly RetryPolicy _retries = new(options, time);

    /// <returns>The snapshot's directory.</returns>
    public async Task<string> RunAsync(CancellationToken cancellation)
    {
        var listing = await ListAsync(cancellation).ConfigureAwait(false);
        var download = new BlobDownload(api, cache, _retries, time, reference, listing.Commit, tracker);
        var modules = await FetchModulesAsync(listing, download, cancellation).ConfigureAwait(false);
        var available = listing.Files.Keys.ToHashSet(StringComparer.Ordinal);
        var choice = ModelFileSelection.Select(available, modules, reference.Variant);
        if (choice.Missing.Count > 0)
            throw Lacking(available, choice.Missing);

        var files = choice.Paths.Select(path => listing.Files[path]).ToList();
        await DownloadAsync(files, download, cancellation).ConfigureAwait(false);
        return await PublishAsync(listing.Commit, files, choice.Absent, cancellation).ConfigureAwait(false);
    }

    private async Task<RepositoryListing> ListAsync(CancellationToken cancellation)
    {
        tracker.Report(PullStage.Listing);
        var listing = await _retries.RunAsync(
            () => api.ListAsync(reference, cancellation),
            // A list comes whole or not at all.
            () => 0,
            note => tracker.Report(PullStage.Retrying, note),
            cancellation).ConfigureAwait(false);
        if (reference.IsPinned && listing.Commit != reference.Revision)
        {
            throw new ModelPullException(
                PullFailure.Protocol,
                $"The hub answers with commit {listing.Commit} for {reference}: check HF_ENDPOINT.");
        }

        return listing;
    }

    /// <summary>The modules decide which other files are needed, so their list comes first.</summary>
    private async Task<IReadOnlyList<ModelModule>> FetchModulesAsync(
        RepositoryListing listing, BlobDownload download, CancellationToken cancellation)
    {
        if (!listing.Files.TryGetValue(ModelFileSelection.Modules, out var file))
            return [];
        await DownloadAsync([file], download, cancellation).ConfigureAwait(false);
        return ModelModule.Parse(await download.ReadAsync(file, cancellation).ConfigureAwait(false));
    }

    private async Task DownloadAsync(
        IReadOnlyList<HubFile> files, BlobDownload download, CancellationToken cancellation)
    {
        // The large one first: the others arrive beside it.
        var absent = files.Where(file => download.Locate(file) is null).OrderByDescending(file => file.Size).ToList();
        if (absent.Count == 0)
            return;
        CheckFreeSpace(absent.Sum(download.Remaining));
        foreach (var file in absent)
            tracker.Expect(file);
        await Parallel.ForEachAsync(
            absent,
            new ParallelOptions { MaxDegreeOfParallelism = options.ParallelDownloads, CancellationToken = cancellation },
            async (file, token) => await download.RunAsync(file, token).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private void CheckFreeSpace(long needed)
    {
        try
        {
            Directory.CreateDirectory(cache.Root);
        }
        catch (Exception e) when (DiskErrors.IsDiskError(e))
        {
            throw DiskErrors.Explain(e, reference.Id, cache.Root);
        }

        if (DiskErrors.FreeBytes(cache.Root) is { } free && free - options.FreeSpaceMarginBytes < needed)
            throw DiskErrors.Full($"{reference.Id}, which needs {ByteSize.Format(needed)} and has {ByteSize.Format(free)}", cache.Root);
    }

    private async Task<string> PublishAsync(
        string commit, IReadOnlyList<HubFile> files, IReadOnlyList<string> absent, CancellationToken cancellation)
    {
        try
        {
            using var held = await FileLock.AcquireAsync(
                cache.LockPath(reference.Id, commit),
                () => tracker.Report(PullStage.Waiting, "another process is finishing this model; waiting for it"),
                time, cancellation).ConfigureAwait(false);
            return new SnapshotWriter(cache, options.UseSymlinks).Publish(reference, commit, files, absent);
        }
        catch (Exception e) when (DiskErrors.IsDiskError(e))
        {
            throw DiskErrors.Explain(e, $"the snapshot of {reference.Id}", cache.Root);
        }
    }

    private ModelPullException Lacking(IReadOnlySet<string> available, IReadOnlyList<string> missing)
    {
        var variants = ModelFileSelection.Variants(available);
        var advice = (reference.Variant, variants.Count) switch
        {
            (not null, > 0) => $"its variants are {string.Join(", ", variants)}",
            (null, > 0) => $"take one of its variants: {string.Join(", ", variants)}",
            (not null, _) => "it has no variants; leave --variant out",
            _ => "it cannot be run here",
        };
        return new ModelPullException(
            PullFailure.NotFound, $"{reference} has no {string.Join(", no ", missing)}: {advice}.");
    }
}
