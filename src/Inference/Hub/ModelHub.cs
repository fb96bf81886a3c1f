using System.Net;

namespace ActorEmbed.Inference.Hub;

/// <summary>
/// Fetches models from a Hugging Face hub into the Hugging Face cache, and finds those that are there. Safe for
/// concurrent use, also by several processes on one cache.
/// </summary>
public sealed class ModelHub : IDisposable
{
    private readonly HubOptions _options;
    private readonly TimeProvider _time;
    private readonly HubCache _cache;
    private readonly HttpClient _client;
    private readonly bool _ownsClient;
    private readonly HubApi _api;

    /// <summary>Checks the options; touches neither disk nor network.</summary>
    /// <param name="options">Where from and where to.</param>
    /// <param name="client">
    /// Null for one of its own. Its handler must not follow redirects or decompress: see <see cref="CreateHandler"/>.
    /// </param>
    /// <param name="time">Clock for delays and stalls.</param>
    /// <exception cref="ModelPullException"><see cref="PullFailure.InvalidSettings"/>.</exception>
    public ModelHub(HubOptions options, HttpClient? client = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _time = time ?? TimeProvider.System;
        _cache = new HubCache(options.CacheDirectory);
        _ownsClient = client is null;
        // The watch on silence is the time-out: a large file may take hours.
        _client = client ?? new HttpClient(CreateHandler()) { Timeout = Timeout.InfiniteTimeSpan };
        _api = new HubApi(_client, options, new HubErrors(options, _time), _time);
    }

    /// <summary>A handler that leaves redirects, which must not carry the token elsewhere, to the hub's own code.</summary>
    public static SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        // A company's proxy that asks who it is gets the account that this process runs as.
        DefaultProxyCredentials = CredentialCache.DefaultCredentials,
        ConnectCallback = HappyEyeballs.ConnectAsync,
    };

    /// <summary>Where the model lies, if the cache has all of it. Makes no call and reads a few directory entries.</summary>
    /// <returns>The snapshot's directory, or null.</returns>
    public string? Find(ModelReference reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return _cache.Find(reference, acceptUnproven: _options.IsOffline).Directory;
    }

    /// <summary>Why <see cref="Find"/> does not find the model, as the end of a sentence; null where it does.</summary>
    public string? WhyNot(ModelReference reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var cached = _cache.Find(reference, acceptUnproven: _options.IsOffline);
        return cached.Directory is not null ? null
            : cached.Refusal is { } refusal ? $"cannot be run: {refusal.TrimEnd('.')}"
            : cached.Lacking.Count > 0 ? $"lacks {string.Join(", ", cached.Lacking)}"
            : "nothing of it is usable";
    }

    /// <summary>Makes sure that the cache has the model. Makes no call when it has.</summary>
    /// <param name="reference">Which model.</param>
    /// <param name="progress">Called from several threads, one after the other; must return quickly.</param>
    /// <param name="cancellation">Stops the pull; what arrived is kept and the next pull goes on from there.</param>
    /// <returns>The snapshot's directory.</returns>
    /// <exception cref="ModelPullException">The model cannot be had; the message says why and what to do.</exception>
    public async Task<string> PullAsync(
        ModelReference reference, IProgress<PullProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var tracker = new PullTracker(reference.Id, progress);
        var cached = _cache.Find(reference, acceptUnproven: _options.IsOffline);
        var snapshot = cached.Directory;
        if (snapshot is null)
        {
            if (_options.IsOffline)
                throw Absent(reference, cached);
            snapshot = await FetchAsync(reference, tracker, cancellation).ConfigureAwait(false);
        }

        tracker.Report(PullStage.Done);
        return snapshot;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (_ownsClient)
            _client.Dispose();
    }

    private async Task<string> FetchAsync(ModelReference reference, PullTracker tracker, CancellationToken cancellation)
    {
        var pull = new ModelPull(_api, _cache, _options, _time, reference, tracker);
        try
        {
            return await pull.RunAsync(cancellation).ConfigureAwait(false);
        }
        catch (ModelPullException e) when (!pull.IsListed && e.Failure is
            PullFailure.Network or PullFailure.ServerError or PullFailure.RateLimited or PullFailure.Unauthorized)
        {
            // A hub that does not answer keeps no model from being used that lies here.
            if (_cache.Find(reference, acceptUnproven: true).Directory is not { } snapshot)
                throw;
            tracker.Report(PullStage.Listing, $"{reference} is taken as it is in the cache: {e.Message}");
            return snapshot;
        }
    }

    private ModelPullException Absent(ModelReference reference, CachedModel cached)
    {
        if (cached.Refusal is { } refusal)
            return new ModelPullException(PullFailure.OfflineAndAbsent, $"Offline (HF_HUB_OFFLINE), and {reference} cannot be run from what is in {_cache.Root}: {refusal}");
        var what = cached.Lacking.Count == 0
            ? $"{reference} is not in {_cache.Root}"
            : $"{reference} is not complete in {_cache.Root} (it lacks {string.Join(", ", cached.Lacking)})";
        return new ModelPullException(
            PullFailure.OfflineAndAbsent,
            $"Offline (HF_HUB_OFFLINE), and {what}: pull it once with a network, or copy that directory from a machine " +
            "that has the model.");
    }
}
