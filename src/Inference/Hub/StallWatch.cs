namespace ActorEmbed.Inference.Hub;

/// <summary>Cancels an exchange when the other side has been silent for too long.</summary>
internal sealed class StallWatch : IDisposable
{
    private readonly TimeSpan _timeout;
    private readonly CancellationTokenSource _source;
    private readonly ITimer _timer;

    public StallWatch(TimeSpan timeout, TimeProvider time, CancellationToken cancellation)
    {
        _timeout = timeout;
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _timer = time.CreateTimer(_ => Stall(), null, timeout, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Cancelled on a stall, and when the caller gives up.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Who is being listened to, for the message: a redirect may have led away from the hub.</summary>
    public Uri? Peer { get; set; }

    /// <summary>Whether it was a stall.</summary>
    public bool HasStalled { get; private set; }

    /// <summary>Something arrived: the time starts anew.</summary>
    public void Reset() => _timer.Change(_timeout, Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        _timer.Dispose();
        _source.Dispose();
    }

    private void Stall()
    {
        HasStalled = true;
        try
        {
            _source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The exchange ended in the same moment.
        }
    }
}
