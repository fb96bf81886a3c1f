using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace ActorEmbed.Inference.Files;

/// <summary>Tells whether an open file is still what it was when the stamp was taken. Costs a microsecond.</summary>
/// <param name="Length">Bytes.</param>
/// <param name="Written">When it was last written, in the system's own unit.</param>
/// <param name="Identity">
/// Which file it is and when anything of it was last changed, where the system tells that: then equal stamps mean equal
/// bytes, whatever dates somebody gave the file. Empty elsewhere.
/// </param>
internal readonly record struct FileStamp(long Length, long Written, string Identity)
{
    // The clock of a file system ticks every 10 ms at most: two changes within one tick look like one. A second is safe.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);

    /// <summary>Whether a file with this stamp has the bytes that any other file with this stamp had.</summary>
    public bool ProvesContent => Identity.Length > 0;

    public static FileStamp Of(SafeFileHandle file) => FileStatus.Of(file) is { } status
        ? new FileStamp(
            status.Length,
            status.Written,
            string.Create(CultureInfo.InvariantCulture, $"{status.Device:x}:{status.Inode} {status.Changed}"))
        : new FileStamp(RandomAccess.GetLength(file), File.GetLastWriteTimeUtc(file).Ticks, "");

    /// <summary>Whether the file has been left alone for long enough that its next change will give another stamp.</summary>
    public static bool IsSettled(SafeFileHandle file, TimeProvider time) => FileStatus.Of(file) is { } status
        && time.GetUtcNow().UtcDateTime - DateTime.UnixEpoch.AddTicks(status.Changed / TimeSpan.NanosecondsPerTick) > Settling;

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Length} bytes, written {Written}, {Identity}");
}
