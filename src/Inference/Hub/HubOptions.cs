namespace ActorEmbed.Inference.Hub;

/// <summary>Where models come from, where they are kept, and how patient a pull is.</summary>
public sealed record HubOptions
{
    /// <summary>Base address of the hub. <c>HF_ENDPOINT</c>.</summary>
    public Uri Endpoint { get; init; } = new("https://huggingface.co");

    /// <summary>Root of the Hugging Face cache. <c>HF_HUB_CACHE</c>, or <c>hub</c> under <c>HF_HOME</c>.</summary>
    public required string CacheDirectory { get; init; }

    /// <summary>Sent to <see cref="Endpoint"/> and to no other host. <c>HF_TOKEN</c>.</summary>
    public string? Token { get; init; }

    /// <summary>The file that <see cref="Token"/> was read from; null where it was named for this program.</summary>
    internal string? TokenFile { get; init; }

    /// <summary>Make no call at all. <c>HF_HUB_OFFLINE</c>.</summary>
    public bool IsOffline { get; init; }

    /// <summary>
    /// Snapshots link to blobs, so that two revisions share their files. Where links are not possible, or not wanted
    /// (<c>HF_HUB_DISABLE_SYMLINKS</c>), snapshots hold the files themselves.
    /// </summary>
    public bool UseSymlinks { get; init; } = true;

    /// <summary>Whether a terminal may show a bar. <c>HF_HUB_DISABLE_PROGRESS_BARS</c> says no.</summary>
    public bool ShowProgressBar { get; init; } = true;

    /// <summary>
    /// Longest silence of the server before the connection is given up and resumed; more than 0. A CDN that has to
    /// fetch a cold file first is silent for several seconds. <c>HF_HUB_DOWNLOAD_TIMEOUT</c>, in seconds.
    /// </summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Tries after the first that may bring no new byte before a file is given up; 0 or more. Five with the delays
    /// below span 15 s: longer than a router's hiccup, short enough for a person who is waiting.
    /// </summary>
    public int MaxFruitlessRetries { get; init; } = 5;

    /// <summary>Delay before the first retry; doubled for each further one.</summary>
    public TimeSpan FirstRetryDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest delay that doubling leads to.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest <c>Retry-After</c> that is honoured: the hub counts its limits over five minutes.</summary>
    public TimeSpan MaxRetryAfter { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Files fetched at once; 1 to 16. Nine small files and a large one: more would only add connections.</summary>
    public int ParallelDownloads { get; init; } = 4;

    /// <summary>Bytes that must stay free beside the model, so that a full disk does not stop other programs.</summary>
    public long FreeSpaceMarginBytes { get; init; } = 64L << 20;

    /// <summary>The settings that Hugging Face's own tools would use with the same environment.</summary>
    /// <param name="getEnvironmentVariable">Such as <see cref="Environment.GetEnvironmentVariable(string)"/>.</param>
    /// <exception cref="ModelPullException"><see cref="PullFailure.InvalidSettings"/>, naming every bad variable.</exception>
    public static HubOptions FromEnvironment(Func<string, string?> getEnvironmentVariable)
    {
        ArgumentNullException.ThrowIfNull(getEnvironmentVariable);
        return new HubEnvironment(getEnvironmentVariable).Read();
    }

    /// <summary>Every setting out of its range, one sentence each.</summary>
    internal IEnumerable<string> Problems()
    {
        if (!Endpoint.IsAbsoluteUri || Endpoint.Scheme is not ("http" or "https"))
            yield return $"{nameof(Endpoint)} (HF_ENDPOINT) must be an http or https address";
        if (string.IsNullOrWhiteSpace(CacheDirectory))
            yield return $"{nameof(CacheDirectory)} (HF_HUB_CACHE) must name a directory";
        if (Token is not null && !Token.All(c => c is > ' ' and <= '~'))
            yield return $"{nameof(Token)} (HF_TOKEN) must be printable ASCII without spaces";
        if (StallTimeout <= TimeSpan.Zero)
            yield return $"{nameof(StallTimeout)} (HF_HUB_DOWNLOAD_TIMEOUT) must be more than 0";
        if (MaxFruitlessRetries < 0)
            yield return $"{nameof(MaxFruitlessRetries)} must be 0 or more";
        if (FirstRetryDelay < TimeSpan.Zero || MaxRetryDelay < FirstRetryDelay)
            yield return $"{nameof(FirstRetryDelay)} must be 0 or more and at most {nameof(MaxRetryDelay)}";
        if (MaxRetryAfter < TimeSpan.Zero)
            yield return $"{nameof(MaxRetryAfter)} must be 0 or more";
        if (ParallelDownloads is < 1 or > 16)
            yield return $"{nameof(ParallelDownloads)} must be 1 to 16";
        if (FreeSpaceMarginBytes < 0)
            yield return $"{nameof(FreeSpaceMarginBytes)} must be 0 or more";
    }

    internal void Validate()
    {
        var problems = string.Join("; ", Problems());
        if (problems.Length > 0)
            throw new ModelPullException(PullFailure.InvalidSettings, problems + ".");
    }

    /// <summary>Printable form; a token never reaches a log.</summary>
    public override string ToString() =>
        $"{Endpoint} -> {CacheDirectory} (token: {(Token is null ? "none" : "set")}, offline: {IsOffline})";
}
