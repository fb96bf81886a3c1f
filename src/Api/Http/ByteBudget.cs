namespace ActorEmbed.Api.Http;

/// <summary>Bytes that several requests share.</summary>
/// <param name="maxBytes">How many there are.</param>
internal sealed class ByteBudget(long maxBytes)
{
    private long _taken;

    /// <summary>Bytes that are taken at the moment.</summary>
    public long TakenBytes => Interlocked.Read(ref _taken);

    /// <summary>Bytes that are left.</summary>
    public long LeftBytes => maxBytes - TakenBytes;

    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) <= maxBytes)
            return true;
        Release(bytes);
        return false;
    }

    public void Release(long bytes) => Interlocked.Add(ref _taken, -bytes);
}
