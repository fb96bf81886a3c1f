using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ActorEmbed.Bench.StandIn;

namespace ActorEmbed.Bench.Compiled;

/// <summary>Start time and memory of each variant in a process of its own: this executable, called again.</summary>
internal static class ProcessBench
{
    public const string ChildCommand = "child";
    private const int ChildBatches = 12;
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(5);

    public static ProcessFigures Measure(string variant, string standIn)
    {
        PageCache.Drop(standIn);
        var cold = Start(variant, standIn, "first").FirstVectorMs;
        var warm = Enumerable.Range(0, 3).Select(_ => Start(variant, standIn, "first").FirstVectorMs).Order().ElementAt(1);
        var steady = Start(variant, standIn, "load");
        return new ProcessFigures(variant, warm, cold, steady.SteadyRssMb, steady.PeakRssMb, steady.IdleCpuMs);
    }

    /// <summary>The child's side: prints what it measured of itself.</summary>
    public static void RunChild(string variant, string standIn, string mode)
    {
        using var encoder = Variant.Open(variant, standIn);
        encoder.Encode([StandInIds.Draw(new Random(1), 16)]);
        using var self = Process.GetCurrentProcess();
        var firstVector = (DateTime.Now - self.StartTime).TotalMilliseconds;
        var idleCpu = TimeSpan.Zero;
        if (mode == "load")
        {
            foreach (var workload in Workload.All())
                for (var batch = 0; batch < ChildBatches / (workload.Tokens / 512); batch++)
                    encoder.Encode(workload.Texts);
            // Last a lone text, which all threads work on: spinning on afterwards is what an idle server must not do.
            encoder.Encode([StandInIds.Draw(new Random(2), 16)]);
            self.Refresh();
            var before = self.TotalProcessorTime;
            Thread.Sleep(IdleTime);
            self.Refresh();
            idleCpu = self.TotalProcessorTime - before;
        }

        const double mebibyte = 1 << 20;
        Console.WriteLine(JsonSerializer.Serialize(new ChildFigures(
            firstVector, self.WorkingSet64 / mebibyte, self.PeakWorkingSet64 / mebibyte, idleCpu.TotalMilliseconds)));
    }

    private static ChildFigures Start(string variant, string standIn, string mode)
    {
        using var child = OwnProcess.Start(ChildCommand, variant, standIn, mode);
        var output = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return child.ExitCode == 0
            ? JsonSerializer.Deserialize<ChildFigures>(output)!
            : throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{variant} ended with {child.ExitCode}."));
    }

    private sealed record ChildFigures(double FirstVectorMs, double SteadyRssMb, double PeakRssMb, double IdleCpuMs);
}
