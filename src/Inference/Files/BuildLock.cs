namespace ActorEmbed.Inference.Files;

/// <summary>
/// Held by the one process that may build a compiled model. The operating system lets go of it when its holder dies,
/// however it dies.
/// </summary>
internal sealed class BuildLock : IDisposable
{
    // A base-sized model takes some ten seconds to build: whoever waits notices soon enough.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly FileStream _file;

    private BuildLock(FileStream file) => _file = file;

    /// <returns>The lock, or null where another process holds it.</returns>
    /// <exception cref="UnauthorizedAccessException">The directory cannot be written.</exception>
    public static BuildLock? TryAcquire(string path)
    {
        try
        {
            return new BuildLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    /// <summary>Waits until the lock is free.</summary>
    /// <exception cref="UnauthorizedAccessException">The directory cannot be written.</exception>
    public static BuildLock Acquire(string path)
    {
        BuildLock? held;
        while ((held = TryAcquire(path)) is null)
            Thread.Sleep(Interval);
        return held;
    }

    public void Dispose() => _file.Dispose();
}
