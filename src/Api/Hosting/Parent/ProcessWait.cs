using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ActorEmbed.Api.Hosting.Parent;

/// <summary>
/// Waits for the end of a process that is not a child of this one. The system says when, where it can: asking twice a
/// second cost 0.7 % of a core.
/// </summary>
internal static partial class ProcessWait
{
    // Where nothing but asking is left (macOS): a child is to be gone within 2 s of its parent.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    // Linux 5.3, the same number on every architecture: pidfd_open(2).
    private const nint PidFdOpen = 434;
    private const short PollIn = 1;
    private const int Forever = -1;

    /// <summary>EINTR.</summary>
    private const int InterruptedCall = 4;

    /// <summary>Blocks until the process has ended, or was never this one.</summary>
    public static void UntilEnd(ProcessIdentity process)
    {
        if (OperatingSystem.IsWindows())
            WaitForHandle(process);
        else if (OperatingSystem.IsLinux() && HasEndedByDescriptor(process))
            return;
        using var never = new ManualResetEvent(false);
        while (process.IsRunning)
            never.WaitOne(Interval);
    }

    private static void WaitForHandle(ProcessIdentity process)
    {
        try
        {
            using var handle = Process.GetProcessById(process.Id);
            if (process.IsRunning)
                handle.WaitForExit();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It has ended, or this user may not wait for it, and asking remains.
        }
    }

    /// <summary>Waits; false where the system could not be asked, or the process was another one.</summary>
    private static bool HasEndedByDescriptor(ProcessIdentity process)
    {
        var descriptor = (int)SystemCall(PidFdOpen, process.Id, 0);
        if (descriptor < 0)
            return false;
        // Once more, because the descriptor may be that of a process which got the id in between.
        var wanted = new PollDescriptor { Descriptor = descriptor, Events = PollIn };
        var ended = 0;
        while (process.IsRunning && (ended = Poll(ref wanted, 1, Forever)) < 0 && Marshal.GetLastPInvokeError() == InterruptedCall)
        {
        }

        _ = Close(descriptor);
        return ended > 0;
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, int processId, uint flags);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(ref PollDescriptor descriptors, nuint count, int timeout);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short ReturnedEvents;
    }
}
