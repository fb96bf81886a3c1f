using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ActorEmbed.Inference.Files;

/// <summary>What Linux tells of a file and .NET does not: its kind, its owner and the time of its last change.</summary>
/// <param name="Mode">Kind and permissions.</param>
/// <param name="Owner">User id.</param>
/// <param name="Device">Of the file system.</param>
/// <param name="Inode">Of the file, within its file system.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Written">Nanoseconds since 1970 of the last write. Anybody who may write the file can set it.</param>
/// <param name="Changed">
/// Nanoseconds since 1970 of the last change of anything, the time of writing included. The system alone sets it.
/// </param>
internal readonly partial record struct FileStatus(
    uint Mode, uint Owner, ulong Device, ulong Inode, long Length, long Written, long Changed)
{
    // Values and places of <linux/stat.h> and <fcntl.h>; the same on every architecture.
    private const int CurrentDirectory = -100;
    private const int EmptyPath = 0x1000;
    private const int NoFollow = 0x100;
    private const uint BasicFields = 0x7ff;
    private const uint KindMask = 0xF000;
    private const uint RegularKind = 0x8000;
    private const uint DirectoryKind = 0x4000;
    private const uint PermissionMask = 0x1FF;

    public bool IsRegularFile => (Mode & KindMask) == RegularKind;

    public bool IsDirectory => (Mode & KindMask) == DirectoryKind;

    public UnixFileMode Permissions => (UnixFileMode)(Mode & PermissionMask);

    /// <summary>The user that this process is.</summary>
    public static uint Self => EffectiveUser();

    /// <returns>Null on other systems, and where there is no such file.</returns>
    public static FileStatus? Of(string path, bool followsLinks = true) => OperatingSystem.IsLinux()
        ? Read(CurrentDirectory, path, followsLinks ? 0 : NoFollow)
        : null;

    /// <returns>Null on other systems.</returns>
    public static FileStatus? Of(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        var isHeld = false;
        try
        {
            file.DangerousAddRef(ref isHeld);
            return Read((int)file.DangerousGetHandle(), "", EmptyPath);
        }
        finally
        {
            if (isHeld)
                file.DangerousRelease();
        }
    }

    private static unsafe FileStatus? Read(int directory, string path, int flags)
    {
        Fields fields;
        return ReadFields(directory, path, flags, BasicFields, &fields) != 0
            ? null
            : new FileStatus(
                fields.Mode,
                fields.Owner,
                ((ulong)fields.DeviceMajor << 32) | fields.DeviceMinor,
                fields.Inode,
                (long)fields.Length,
                Nanoseconds(fields.WrittenSeconds, fields.WrittenNanoseconds),
                Nanoseconds(fields.ChangedSeconds, fields.ChangedNanoseconds));
    }

    private static long Nanoseconds(long seconds, uint rest) => unchecked(seconds * 1_000_000_000 + rest);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int ReadFields(int directory, string path, int flags, uint mask, Fields* fields);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Fields
    {
        [FieldOffset(20)] public uint Owner;
        [FieldOffset(28)] public ushort Mode;
        [FieldOffset(32)] public ulong Inode;
        [FieldOffset(40)] public ulong Length;
        [FieldOffset(96)] public long ChangedSeconds;
        [FieldOffset(104)] public uint ChangedNanoseconds;
        [FieldOffset(112)] public long WrittenSeconds;
        [FieldOffset(120)] public uint WrittenNanoseconds;
        [FieldOffset(136)] public uint DeviceMajor;
        [FieldOffset(140)] public uint DeviceMinor;
    }
}
