using System.Runtime.InteropServices;

namespace ActorEmbed.Actors.Inference;

/// <summary>The memory of this process as the system sees it.</summary>
internal static partial class ProcessMemory
{
    /// <summary>
    /// Gives back what is free: an idle process allocates nothing that would make the collector look, and the allocator of the C
    /// library keeps what was freed for later. Takes some 50 ms.
    /// </summary>
    public static void GiveBack()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        // What is freed by finalizers is garbage for the second one.
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            _ = Trim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library than glibc, which gives back by itself.
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint pad);
}
