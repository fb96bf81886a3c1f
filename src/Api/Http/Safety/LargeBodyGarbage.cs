namespace ActorEmbed.Api.Http.Safety;

/// <summary>
/// Gives memory back to the system after requests with large bodies. What they leave is gigabytes at the worst, and an idle
/// server allocates nothing that would make the collector look.
/// </summary>
internal sealed class LargeBodyGarbage(TimeProvider time, Action collect) : IDisposable
{
    /// <summary>Bodies from here on leave objects of megabytes. Ordinary requests are a hundredth of it.</summary>
    public const long LargeBytes = 1 << 20;

    /// <summary>After a large body, and between two collections while they go on coming: one takes some 50 ms.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    /// <summary>Arrays that went back to the shared pool are let go of by a collection more than a minute later.</summary>
    public static readonly TimeSpan PoolPause = TimeSpan.FromSeconds(75);

    private readonly Lock _gate = new();
    private ITimer? _timer;
    private bool _isWaiting;

    /// <param name="time">The server's clock.</param>
    public LargeBodyGarbage(TimeProvider time)
        : this(time, static () => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true))
    {
    }

    /// <summary>A request has been answered.</summary>
    /// <param name="bodyBytes">Bytes of its body, decompressed.</param>
    public void Note(long bodyBytes)
    {
        if (bodyBytes < LargeBytes)
            return;
        lock (_gate)
        {
            if (_isWaiting)
                return;
            _isWaiting = true;
            _timer?.Dispose();
            _timer = time.CreateTimer(_ => OnPaused(), null, Pause, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose() => _timer?.Dispose();

    private void OnPaused()
    {
        collect();
        lock (_gate)
        {
            _isWaiting = false;
            _timer?.Dispose();
            _timer = time.CreateTimer(_ => collect(), null, PoolPause, Timeout.InfiniteTimeSpan);
        }
    }
}
