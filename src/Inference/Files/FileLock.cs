namespace ActorEmbed.Inference.Files;

/// <summary>
/// Lets one process at a time write a file or directory. The system releases it when the process ends in whatever way.
/// On Unix it is the same advisory lock that huggingface_hub takes.
/// </summary>
internal sealed class FileLock : IDisposable
{
    /// <summary>Between two looks at a lock that another holds: short against a download, rare enough to cost nothing.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    private readonly FileStream _stream;

    private FileLock(FileStream stream) => _stream = stream;

    /// <summary>Takes the lock if it is free.</summary>
    /// <param name="path">The lock file; it is created, and never deleted, as others may wait for it.</param>
    /// <returns>The lock, or null where another process, or another place in this one, holds it.</returns>
    /// <exception cref="IOException">The file can be neither created nor opened for any other reason.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be written.</exception>
    public static FileLock? TryAcquire(string path)
    {
        try
        {
            return new FileLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1));
        }
        catch (IOException e) when (IsHeldByAnother(e))
        {
            return null;
        }
    }

    /// <summary>Waits on this thread until the lock is free, and takes it.</summary>
    /// <inheritdoc cref="TryAcquire" />
    /// <param name="path">The lock file.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public static FileLock Acquire(string path, CancellationToken cancellation = default)
    {
        FileLock? held;
        while ((held = TryAcquire(path)) is null)
        {
            cancellation.WaitHandle.WaitOne(PollInterval);
            cancellation.ThrowIfCancellationRequested();
        }

        return held;
    }

    /// <summary>Waits until the lock is free and takes it.</summary>
    /// <param name="path">The lock file; its directory is created.</param>
    /// <param name="onWait">Called once if there is a need to wait.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public static async Task<FileLock> AcquireAsync(
        string path, Action onWait, TimeProvider time, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        for (var hasWaited = false; ; hasWaited = true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (TryAcquire(path) is { } held)
                return held;
            if (!hasWaited)
                onWait();
            await Task.Delay(PollInterval, time, cancellation).ConfigureAwait(false);
        }
    }

    public void Dispose() => _stream.Dispose();

    /// <summary>EWOULDBLOCK (Linux 11, macOS 35); on Windows ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION.</summary>
    private static bool IsHeldByAnother(IOException exception) => exception.HResult switch
    {
        11 => OperatingSystem.IsLinux(),
        35 => OperatingSystem.IsMacOS(),
        unchecked((int)0x80070020) or unchecked((int)0x80070021) => true,
        _ => false,
    };
}
