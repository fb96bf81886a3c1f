namespace ActorEmbed.Inference.Hub;

/// <summary>What went wrong with the cache's disk, said so that a person knows what to do.</summary>
internal static class DiskErrors
{
    /// <summary>ENOSPC and EDQUOT (Linux 122, macOS 69), as .NET reports them.</summary>
    private static readonly int[] UnixFullCodes = OperatingSystem.IsMacOS() ? [28, 69] : [28, 122];

    /// <summary>ERROR_HANDLE_DISK_FULL and ERROR_DISK_FULL, as HRESULTs.</summary>
    private static readonly int[] WindowsFullCodes = [unchecked((int)0x80070027), unchecked((int)0x80070070)];

    /// <summary>Whether the exception came from the disk and not from the network.</summary>
    public static bool IsDiskError(Exception exception) => exception is IOException or UnauthorizedAccessException;

    /// <param name="exception">What the disk answered.</param>
    /// <param name="what">The file, or what was being done with it.</param>
    /// <param name="directory">The cache.</param>
    public static ModelPullException Explain(Exception exception, string what, string directory)
    {
        if (exception is IOException && IsFull(exception.HResult))
            return Full(what, directory, exception);
        return new ModelPullException(
            PullFailure.CacheNotWritable,
            $"Cannot write {what} under {directory}: {exception.Message.TrimEnd('.')}. Make the directory writable, or name another " +
            "one with HF_HUB_CACHE.", exception);
    }

    public static ModelPullException Full(string what, string directory, Exception? exception = null) => new(
        PullFailure.DiskFull,
        $"No room for {what} under {directory}: the disk is full. Free some space, or name another " +
        "directory with HF_HUB_CACHE; what was downloaded is kept.", exception);

    /// <summary>Free bytes for this user; null where the system does not tell, as for a network share.</summary>
    public static long? FreeBytes(string directory)
    {
        try
        {
            return new DriveInfo(directory).AvailableFreeSpace;
        }
        catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool IsFull(int code) =>
        (OperatingSystem.IsWindows() ? WindowsFullCodes : UnixFullCodes).Contains(code);
}
