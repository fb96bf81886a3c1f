namespace ActorEmbed.Inference.Hub;

/// <summary>
/// Bytes a second over the last seconds: an average since the start would forget a line that became slow, one of the
/// last moment jumps.
/// </summary>
internal sealed class TransferRate(TimeProvider time)
{
    /// <summary>Long enough to read the number, short enough to notice a change.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    /// <summary>Between two samples; 25 of them fill the window.</summary>
    private static readonly TimeSpan SampleInterval = Window / 25;

    private readonly Queue<(long At, long Bytes)> _samples = new();
    private (long At, long Bytes) _last;
    private long _skipped;

    /// <summary>Null until enough time has passed to tell.</summary>
    public double? BytesPerSecond { get; private set; }

    /// <summary>Bytes that are there without having been transferred, as those of an earlier run.</summary>
    public void Skip(long bytes) => _skipped += bytes;

    /// <param name="bytes">Bytes that are there.</param>
    public void Update(long bytes)
    {
        var now = time.GetTimestamp();
        if (_samples.Count > 0 && time.GetElapsedTime(_last.At, now) < SampleInterval)
            return;
        _last = (now, bytes - _skipped);
        _samples.Enqueue(_last);
        // The oldest that stays is the last one outside, so that the window is always full.
        while (_samples.Count > 2 && time.GetElapsedTime(_samples.ElementAt(1).At, now) >= Window)
            _samples.Dequeue();
        var oldest = _samples.Peek();
        if (_samples.Count > 1)
            BytesPerSecond = Math.Max(0, _last.Bytes - oldest.Bytes) / time.GetElapsedTime(oldest.At, now).TotalSeconds;
    }
}
