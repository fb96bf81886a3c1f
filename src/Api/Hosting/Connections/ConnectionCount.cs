namespace ActorEmbed.Api.Hosting.Connections;

/// <summary>How many connections are open, and a line now and then about those that were too many. Thread-safe.</summary>
internal sealed class ConnectionCount(int limit, TimeProvider time, ILogger log)
{
    // Whoever comes too often comes thousands of times.
    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private int _open;
    private long _refused;
    private long? _lastLine;

    /// <summary>Whether there is room for one more, which then counts.</summary>
    public bool TryAdd()
    {
        long refused;
        lock (_gate)
        {
            if (_open < limit)
            {
                _open++;
                return true;
            }

            _refused++;
            if (_lastLine is { } last && time.GetElapsedTime(last) < LogInterval)
                return false;
            (refused, _refused, _lastLine) = (_refused, 0, time.GetTimestamp());
        }

        log.LogWarning("{Limit} connections are open, which is the limit; {Refused} further ones were closed", limit, refused);
        return false;
    }

    public void Remove()
    {
        lock (_gate)
            _open--;
    }
}
