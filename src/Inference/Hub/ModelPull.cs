using ActorEmbed.Inference.Files;
using ActorEmbed.Inference.Repositories;
using ActorEmbed.Inference.Tokenization;

namespace ActorEmbed.Inference.Hub;

/// <summary>
/// One pull of one model that the cache does not have. What decides how it is run is fetched first, a few kilobytes; then
/// its tokenizer is tried; only then come the weights.
/// </summary>
internal sealed class ModelPull(
    HubApi api, HubCache cache, HubOptions options, TimeProvider time, ModelReference reference, PullTracker tracker)
{
    // Any that leaves room for text: what a tokenizer is tried with.
    private const int TrialTokens = 16;

    private readonly RetryPolicy _retries = new(options, time);
    private readonly Dictionary<string, HubFile> _described = new(StringComparer.Ordinal);
    private RepositoryListing? _listing;
    private BlobDownload? _download;

    /// <summary>Whether the hub has told its files.</summary>
    public bool IsListed => _listing is not null;

    private RepositoryListing Listing => _listing!;

    private BlobDownload Download => _download!;

    /// <returns>The snapshot's directory.</returns>
    public async Task<string> RunAsync(CancellationToken cancellation)
    {
        await ListAsync(cancellation).ConfigureAwait(false);
        var plan = await PlanAsync(cancellation).ConfigureAwait(false);
        var expected = await DescribeAsync(plan.Paths.Concat(plan.Likely), cancellation).ConfigureAwait(false);
        tracker.Choose(Absent(expected));

        var weights = plan.Weights!.Files.ToHashSet(StringComparer.Ordinal);
        var small = await DescribeAsync(plan.Paths.Where(path => !weights.Contains(path)), cancellation).ConfigureAwait(false);
        await DownloadAsync(small, cancellation).ConfigureAwait(false);
        await TryTokenizerAsync(plan, small, cancellation).ConfigureAwait(false);

        while (plan.Unread.Count > 0)
        {
            // A graph names the files that its tensors lie in.
            await DownloadAsync(await DescribeAsync(plan.Unread, cancellation).ConfigureAwait(false), cancellation).ConfigureAwait(false);
            plan = await PlanAsync(cancellation).ConfigureAwait(false);
        }

        var files = await DescribeAsync(plan.Paths, cancellation).ConfigureAwait(false);
        tracker.Choose(Absent(files));
        await DownloadAsync(files, cancellation).ConfigureAwait(false);
        // A list that may be cut short proves nothing.
        return await PublishAsync(files, Listing.IsWhole ? plan.Absent : [], cancellation).ConfigureAwait(false);
    }

    private async Task ListAsync(CancellationToken cancellation)
    {
        tracker.Report(PullStage.Listing);
        var listing = await RetryAsync(() => api.ListAsync(reference, cancellation), cancellation).ConfigureAwait(false);
        if (reference.IsPinned && listing.Commit != reference.Revision)
        {
            throw new ModelPullException(
                PullFailure.Protocol,
                $"The hub answers with commit {listing.Commit} for {reference}: check HF_ENDPOINT.");
        }

        if (api.IsTokenRefused)
            tracker.Report(PullStage.Listing, $"The token in {options.TokenFile} is refused and not used ('hf auth login' makes a new one)");
        _listing = listing;
        _download = new BlobDownload(api, cache, _retries, time, reference, listing.Commit, tracker);
    }

    /// <summary>Plans until only a graph is left to be read, which comes with the weights.</summary>
    private async Task<ModelPlan> PlanAsync(CancellationToken cancellation)
    {
        var hasTree = false;
        while (true)
        {
            var plan = Plan();
            if (plan.Refusal is null && plan.Missing.Count == 0)
            {
                if (plan.Unread.Count == 0 || plan.Weights is not null)
                    return plan;
                await DownloadAsync(await DescribeAsync(plan.Unread, cancellation).ConfigureAwait(false), cancellation).ConfigureAwait(false);
            }
            else if (hasTree)
            {
                throw Refused(plan);
            }
            else
            {
                // The short list may have been cut; the long one is worth a call before saying no.
                _listing = await RetryAsync(() => api.WithTreeAsync(reference, Listing, cancellation), cancellation).ConfigureAwait(false);
                hasTree = true;
            }
        }
    }

    private ModelPlan Plan()
    {
        try
        {
            return ModelPlanner.Plan(new ListedFiles(Listing, Locate), new ModelRequest(reference.Id, reference.Variant));
        }
        catch (ModelLoadException e)
        {
            throw new ModelPullException(PullFailure.NotSupported, $"{reference} cannot be run here: {e.Message.TrimEnd('.')}.", e);
        }
    }

    private string? Locate(string path) =>
        (Listing.Files[path].Known ?? _described.GetValueOrDefault(path)) is { } file ? Download.Locate(file) : null;

    /// <summary>Sizes and hashes; those that no list tells cost a call each.</summary>
    private async Task<IReadOnlyList<HubFile>> DescribeAsync(IEnumerable<string> paths, CancellationToken cancellation)
    {
        var files = new List<HubFile>();
        foreach (var path in paths)
        {
            if ((Listing.Files[path].Known ?? _described.GetValueOrDefault(path)) is not { } file)
            {
                file = await RetryAsync(() => api.DescribeAsync(reference, Listing.Commit, path, cancellation), cancellation).ConfigureAwait(false);
                _described[path] = file;
            }

            files.Add(file);
        }

        return files;
    }

    /// <summary>A call that succeeds whole or not at all.</summary>
    private Task<T> RetryAsync<T>(Func<Task<T>> call, CancellationToken cancellation) =>
        _retries.RunAsync(call, () => 0, note => tracker.Report(PullStage.Retrying, note), cancellation);

    private List<HubFile> Absent(IEnumerable<HubFile> files) => [.. files.Where(file => tracker.Has(file) || Download.Locate(file) is null)];

    private async Task DownloadAsync(IReadOnlyList<HubFile> files, CancellationToken cancellation)
    {
        // The large one first: the others arrive beside it.
        var absent = files.Where(file => Download.Locate(file) is null).OrderByDescending(file => file.Size).ToList();
        if (absent.Count == 0)
            return;
        CheckFreeSpace(absent.Sum(Download.Remaining));
        foreach (var file in absent)
            tracker.Expect(file);
        await Parallel.ForEachAsync(
            absent,
            new ParallelOptions { MaxDegreeOfParallelism = options.ParallelDownloads, CancellationToken = cancellation },
            async (file, token) => await Download.RunAsync(file, token).ConfigureAwait(false)).ConfigureAwait(false);
    }

    /// <summary>A tokenizer that cannot be read makes the weights useless: it is read before they are fetched.</summary>
    private async Task TryTokenizerAsync(ModelPlan plan, IReadOnlyList<HubFile> small, CancellationToken cancellation)
    {
        var snapshot = await PlaceAsync(writer => writer.Place(reference, Listing.Commit, small), small, cancellation).ConfigureAwait(false);
        try
        {
            TokenizerLoader.Load(Path.Combine([snapshot, .. plan.TransformerPath.Split('/')]), TrialTokens);
        }
        catch (ModelLoadException e)
        {
            throw new ModelPullException(PullFailure.NotSupported, $"{reference} cannot be run here: {e.Message.TrimEnd('.')}.", e);
        }
    }

    private void CheckFreeSpace(long needed)
    {
        try
        {
            cache.Create();
        }
        catch (Exception e) when (DiskErrors.IsDiskError(e))
        {
            throw DiskErrors.Explain(e, reference.Id, cache.Root);
        }

        if (DiskErrors.FreeBytes(cache.Root) is { } free && free - options.FreeSpaceMarginBytes < needed)
            throw DiskErrors.Full($"{reference.Id}, which needs {ByteSize.Format(needed)} and has {ByteSize.Format(free)}", cache.Root);
    }

    private Task<string> PublishAsync(IReadOnlyList<HubFile> files, IReadOnlyList<string> absent, CancellationToken cancellation) =>
        PlaceAsync(writer => writer.Publish(reference, Listing.Commit, files, absent), files, cancellation);

    private async Task<string> PlaceAsync(Action<SnapshotWriter> place, IReadOnlyList<HubFile> files, CancellationToken cancellation)
    {
        var snapshot = cache.SnapshotDirectory(reference.Id, Listing.Commit);
        try
        {
            using var held = await FileLock.AcquireAsync(
                cache.LockPath(reference.Id, Listing.Commit),
                () => tracker.Report(PullStage.Waiting, "another process is finishing this model; waiting for it"),
                time, cancellation).ConfigureAwait(false);
            place(new SnapshotWriter(cache, options.UseSymlinks));
        }
        catch (Exception e) when (DiskErrors.IsDiskError(e))
        {
            // In a cache that others filled and this user may only read, nothing is left to be done but notes.
            if (!files.All(file => HubCache.HasSize(Path.Combine([snapshot, .. file.Path.Split('/')]), file.Size)))
                throw DiskErrors.Explain(e, $"the snapshot of {reference.Id}", cache.Root);
        }

        return snapshot;
    }

    private ModelPullException Refused(ModelPlan plan)
    {
        if (plan.Refusal is { } refusal)
            return new ModelPullException(PullFailure.NotSupported, $"{reference} cannot be run here: {refusal}");
        var variants = GraphFiles.Variants(new ListedFiles(Listing, Locate), plan.TransformerPath);
        var advice = (reference.Variant, variants.Count) switch
        {
            (not null, > 0) => $"its variants are {string.Join(", ", variants)}",
            (not null, _) => "it has no variants; leave --variant out",
            _ => "it cannot be run here",
        };
        return new ModelPullException(PullFailure.NotFound, $"{reference} has no {string.Join(", no ", plan.Missing)}: {advice}.");
    }
}
