using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ActorEmbed.Bench.Compiled;

/// <summary>Makes files cold: the next reader gets them from the disk.</summary>
internal static partial class PageCache
{
    // POSIX_FADV_DONTNEED.
    private const int DoNotNeed = 4;

    /// <param name="path">A file, or a directory with all that is below it.</param>
    public static void Drop(string path)
    {
        if (!OperatingSystem.IsLinux())
            return;
        string[] files = File.Exists(path) ? [path] : Directory.GetFiles(path, "*", SearchOption.AllDirectories);
        foreach (var name in files)
        {
            using var file = File.OpenHandle(name);
            _ = Advise(file, 0, 0, DoNotNeed);
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int Advise(SafeFileHandle file, long offset, long length, int advice);
}
