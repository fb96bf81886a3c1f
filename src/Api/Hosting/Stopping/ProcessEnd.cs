using System.Runtime.InteropServices;

namespace ActorEmbed.Api.Hosting.Stopping;

/// <summary>Ends the process at once: no handler, no destructor of a native library, nothing that could hang.</summary>
internal static partial class ProcessEnd
{
    public static void Now(int exitCode)
    {
        if (OperatingSystem.IsWindows())
            TerminateProcess(GetCurrentProcess(), (uint)exitCode);
        else
            UnixExit(exitCode);
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void UnixExit(int status);

    [LibraryImport("kernel32")]
    private static partial nint GetCurrentProcess();

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool TerminateProcess(nint process, uint exitCode);
}
