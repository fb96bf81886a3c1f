namespace ActorEmbed.Inference.Encoders;

/// <summary>
/// Lets as many callers into a session as there are cores, or one that has all of them for itself: more callers than
/// cores were measured at 0.71 of the throughput.
/// </summary>
internal sealed class RunGate(int cores) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _free = new(cores, cores);

    /// <summary>Takes every core if all are free now.</summary>
    public bool TryEnterAlone()
    {
        lock (_lock)
        {
            for (var taken = 0; taken < cores; taken++)
            {
                if (_free.Wait(0))
                    continue;
                if (taken > 0)
                    _free.Release(taken);
                return false;
            }

            return true;
        }
    }

    /// <summary>Waits for one core.</summary>
    public void Enter() => _free.Wait();

    public void Leave() => _free.Release();

    public void LeaveAlone() => _free.Release(cores);

    public void Dispose() => _free.Dispose();
}
