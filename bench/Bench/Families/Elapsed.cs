using System.Diagnostics;

namespace ActorEmbed.Bench.Families;

/// <summary>How long something took.</summary>
/// <param name="Seconds">On the clock.</param>
/// <param name="CoreSeconds">Of processor time, which a busy machine changes little.</param>
internal readonly record struct Elapsed(double Seconds, double CoreSeconds)
{
    public static Elapsed Of(Action action)
    {
        var (start, used) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        action();
        return new Elapsed(Stopwatch.GetElapsedTime(start).TotalSeconds, (Environment.CpuUsage.TotalTime - used).TotalSeconds);
    }

    public static Elapsed operator +(Elapsed a, Elapsed b) => new(a.Seconds + b.Seconds, a.CoreSeconds + b.CoreSeconds);
}
