using System.Diagnostics;
using System.Globalization;

namespace ActorEmbed.Bench.Compiled;

/// <summary>What else ran on the machine while it was measured: figures from a busy machine deserve less trust.</summary>
internal sealed class MachineLoad
{
    // USER_HZ, which Linux fixes at 100 for every architecture that .NET runs on.
    private const double TicksPerSecond = 100;

    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly double _busyAtStart = BusySeconds();

    public static MachineLoad Begin() => new();

    /// <summary>Share of all cores' time that neither this process and its children used nor nobody; 0 where unknown.</summary>
    public double BusyFromOthers()
    {
        if (!OperatingSystem.IsLinux())
            return 0;
        var busy = BusySeconds() - _busyAtStart;
        return Math.Max(0, busy - OwnSeconds()) / (Stopwatch.GetElapsedTime(_start).TotalSeconds * Environment.ProcessorCount);
    }

    public static string CpuName() => OperatingSystem.IsLinux()
        ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown"
        : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? "unknown";

    private static double BusySeconds()
    {
        if (!OperatingSystem.IsLinux())
            return 0;
        // user, nice, system, idle, iowait, irq, softirq, steal: all but idle and iowait are work.
        var ticks = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..9]
            .Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        return (ticks.Sum() - ticks[3] - ticks[4]) / TicksPerSecond;
    }

    /// <summary>utime, stime, cutime, cstime: fields 14 to 17 of proc/self/stat, counted after the name in brackets.</summary>
    private static double OwnSeconds()
    {
        var fields = File.ReadAllText("/proc/self/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields[11..15].Sum(text => double.Parse(text, CultureInfo.InvariantCulture)) / TicksPerSecond;
    }
}
