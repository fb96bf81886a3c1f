using System.Runtime.InteropServices;
using System.Text;

namespace ActorEmbed.Api.Hosting.Starting;

/// <summary>
/// How many files and connections the system grants this process (<c>ulimit -n</c>). Where it is too little the runtime
/// aborts in the middle of whatever it does, so it is looked at before anything else.
/// </summary>
internal static partial class DescriptorLimit
{
    /// <summary>
    /// What the process needs beside its connections. The runtime keeps two for each library that it has loaded: 243 in
    /// all are open in an idle server, 252 while it answers on every route. The rest is for the files of a model and for
    /// what a pull or a collector of telemetry opens.
    /// </summary>
    public const int OfTheProcess = 304;

    /// <summary>The least with which it starts: enough for a health check and a few clients.</summary>
    public const int Least = OfTheProcess + 16;

    /// <summary>RLIMIT_NOFILE.</summary>
    private static readonly int OpenFiles = OperatingSystem.IsMacOS() ? 8 : 7;

    private const int StandardError = 2;

    /// <summary>Null where the system has no such limit.</summary>
    public static long? Current { get; private set; }

    /// <summary>Raises the limit as far as this process may; where that is not enough, says so on standard error.</summary>
    public static bool Suffices()
    {
        if (OperatingSystem.IsWindows() || GetLimit(OpenFiles, out var limit) != 0)
            return true;
        if (limit.Soft < limit.Hard)
        {
            // The runtime does as much at its start, but says nowhere that it always will.
            var raised = limit with { Soft = limit.Hard };
            if (SetLimit(OpenFiles, raised) == 0)
                limit = raised;
        }

        Current = (long)Math.Min(limit.Soft, int.MaxValue);
        if (Current >= Least)
            return true;
        // Not by the console, whose library may be the one that cannot be opened any more.
        var line = Encoding.UTF8.GetBytes($"actorembed: {Current} open files are allowed and {Least} are needed at least: raise the limit (ulimit -n, LimitNOFILE=).\n");
        _ = Write(StandardError, line, (nuint)line.Length);
        return false;
    }

    /// <summary>How many connections there is room for.</summary>
    public static int Connections(int wanted) => Current is { } limit ? (int)Math.Min(wanted, limit - OfTheProcess) : wanted;

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, out Limit limit);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, in Limit limit);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(int descriptor, byte[] bytes, nuint count);

    [StructLayout(LayoutKind.Sequential)]
    private record struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
