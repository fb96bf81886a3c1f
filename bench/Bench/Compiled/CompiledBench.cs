using System.Globalization;
using System.Reflection;
using System.Text.Json;
using ActorEmbed.Inference.Encoders;
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
        var encoders = OpenAll(standIn);
        var lone = SpeedBench.MeasureLone(encoders);
        var throughput = SpeedBench.MeasureThroughput(encoders, rounds);
        DisposeAll(encoders);

        var date = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var report = new BenchReport(
            date, Version(), MachineLoad.CpuName(), Environment.ProcessorCount, OrtEnv.Instance().GetVersionString(), rounds,
            Workload.All()[0].PaddedPerReal, machine.BusyFromOthers(), throughput, lone, processes);
        Directory.CreateDirectory(results);
        File.WriteAllText(Path.Combine(results, "compiled.json"), JsonSerializer.Serialize(report, Format) + "\n");
        File.WriteAllText(Path.Combine(results, "compiled.md"), report.ToMarkdown());
        Console.WriteLine(report.ToMarkdown());
    }

    /// <summary>Only the latency of lone texts: quick enough to catch a quiet moment of the machine.</summary>
    public static void RunLone(string standIn)
    {
        var machine = MachineLoad.Begin();
        var encoders = OpenAll(standIn);
        foreach (var row in SpeedBench.MeasureLone(encoders))
            Console.WriteLine(row);
        DisposeAll(encoders);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Other processes used {machine.BusyFromOthers():P0} of the machine."));
    }

    private static string Version() =>
        typeof(CompiledBench).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    private static Dictionary<string, ITextEncoder> OpenAll(string standIn)
    {
        var encoders = Variant.All.ToDictionary(variant => variant, variant => Variant.Open(variant, standIn));
        foreach (var encoder in encoders.Values)
            (encoder as PackedEncoder)?.WaitForAllThreads();
        return encoders;
    }

    private static void DisposeAll(Dictionary<string, ITextEncoder> encoders)
    {
        foreach (var encoder in encoders.Values)
            encoder.Dispose();
    }
}
