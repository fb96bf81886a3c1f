using System.Globalization;
using System.Text.Json;
using ActorEmbed.Inference.Encoding;
using Microsoft.ML.OnnxRuntime;

namespace ActorEmbed.Bench.Compiled;

/// <summary>Compares the compiled model with the plain export and writes the results.</summary>
internal static class CompiledBench
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true };

    public static void Run(string standIn, string results, int rounds)
    {
        // Compiled before anything is timed.
        foreach (var variant in new[] { Variant.Fp32, Variant.Int8 })
            Variant.Open(variant, standIn).Dispose();

        var machine = MachineLoad.Begin();
        var processes = new[] { Variant.Naive, Variant.Fp32, Variant.Int8 }
            .Select(variant => ProcessBench.Measure(variant, standIn)).ToList();
        var encoders = Variant.All.ToDictionary(variant => variant, variant => Variant.Open(variant, standIn));
        var throughput = SpeedBench.MeasureThroughput(encoders, rounds);
        var lone = SpeedBench.MeasureLone(encoders);
        foreach (ITextEncoder encoder in encoders.Values)
            encoder.Dispose();

        var date = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var report = new BenchReport(
            date, MachineLoad.CpuName(), Environment.ProcessorCount, OrtEnv.Instance().GetVersionString(), rounds,
            Workload.All()[0].PaddedPerReal, machine.BusyFromOthers(), throughput, lone, processes);
        Directory.CreateDirectory(results);
        File.WriteAllText(Path.Combine(results, "compiled.json"), JsonSerializer.Serialize(report, Format) + "\n");
        File.WriteAllText(Path.Combine(results, "compiled.md"), report.ToMarkdown());
        Console.WriteLine(report.ToMarkdown());
    }
}
