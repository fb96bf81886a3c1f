using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ActorEmbed.Bench.Compiled;

/// <summary>Makes files cold: the next reader gets them from the disk.</summary>
internal static partial class PageCache
{
    // POSIX_FADV_DONTNEED.
    private const int DoNotNeed = 4;

    public static void Drop(string directory)
    {
        if (!OperatingSystem.IsLinux())
            return;
        foreach (var path in Directory.GetFiles(directory, "*", SearchOption.AllDirectories))
        {
            using var file = File.OpenHandle(path);
            _ = Advise(file, 0, 0, DoNotNeed);
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int Advise(SafeFileHandle file, long offset, long length, int advice);
}
