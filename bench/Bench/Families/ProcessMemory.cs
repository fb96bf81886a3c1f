using System.Globalization;

namespace ActorEmbed.Bench.Families;

/// <summary>Memory of a process in MiB, of what Linux says of it.</summary>
internal static class ProcessMemory
{
    public static double Resident(int process) => Read(process, "VmRSS");

    public static double Peak(int process) => Read(process, "VmHWM");

    private static double Read(int process, string field) => double.Parse(
        File.ReadLines($"/proc/{process}/status").Single(line => line.StartsWith(field, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2],
        CultureInfo.InvariantCulture) / 1024;
}
