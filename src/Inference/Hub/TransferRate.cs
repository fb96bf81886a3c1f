namespace ActorEmbed.Inference.Hub;

/// <summary>
/// Bytes a second over the last seconds: an average since the start would forget a line that became slow, one of the
/// last moment jumps.
/// </summary>
internal sealed class TransferRate(TimeProvider time)
{
    /// <summary>Time after which an old rate counts a third; smooth to read, and right soon after a change.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(5);

    private long _since = time.GetTimestamp();
    private long _bytesThen;
    private double? _rate;

    /// <summary>Null until enough time has passed to tell.</summary>
    public double? BytesPerSecond => _rate;

    /// <summary>Bytes that were there without having been transferred.</summary>
    public void Skip(long bytes) => _bytesThen += bytes;

    /// <param name="bytes">Bytes so far.</param>
    public void Update(long bytes)
    {
        var elapsed = time.GetElapsedTime(_since);
        if (elapsed < Memory / 25)
            return;
        var now = Math.Max(0, bytes - _bytesThen) / elapsed.TotalSeconds;
        var weight = 1 - Math.Exp(-elapsed / Memory);
        _rate = _rate is { } before ? before + (now - before) * weight : now;
        (_since, _bytesThen) = (time.GetTimestamp(), bytes);
    }
}
