using System.Globalization;
using System.Text;

namespace ActorEmbed.Bench.Compiled;

/// <summary>The results of one run of the bench.</summary>
/// <remarks>The version is that of the build: number, plus sign, commit.</remarks>
internal sealed record BenchReport(
    string Date, string Version, string Cpu, int Cores, string RuntimeVersion, int Rounds, double MixedPaddedPerReal, double BusyFromOthers,
    IReadOnlyList<Throughput> Throughput, IReadOnlyList<LoneLatency> Lone, IReadOnlyList<ProcessFigures> Processes)
{
    public string ToMarkdown()
    {
        var text = new StringBuilder();
        void Line(FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));

        Line($"# Compiled model, {Date}");
        Line($"");
        Line($"Version {Version}; {Cpu}, {Cores} cores, ONNX Runtime {RuntimeVersion}; stand-in of XLM-RoBERTa base with random weights; 32 texts a batch; {Rounds} interleaved rounds, medians. Mixed lengths: padded / real tokens = {MixedPaddedPerReal:F2}. Other processes used {BusyFromOthers:P0} of the machine during the run.");
        Line($"");
        Line($"| Lengths | Variant | tokens/s | texts/s | against naive |");
        Line($"|---|---|---|---|---|");
        foreach (var row in Throughput)
            Line($"| {row.Workload} | {Variant.Describe(row.Variant)} | {row.TokensPerSecond:N0} | {row.TextsPerSecond:N0} | {row.RatioToNaive:F2} |");
        Line($"");
        Line($"| Lone text | Variant | p50 ms | p99 ms | times as fast as plain |");
        Line($"|---|---|---|---|---|");
        foreach (var row in Lone)
            Line($"| {row.Tokens} tokens | {Variant.Describe(row.Variant)} | {row.P50Ms:F1} | {row.P99Ms:F1} | {row.SpeedupToPlain:F2} |");
        Line($"");
        Line($"| Process | first vector, warm | first vector, cold | steady RSS | peak RSS | CPU of 5 s idle |");
        Line($"|---|---|---|---|---|---|");
        foreach (var row in Processes)
            Line($"| {Variant.Describe(row.Variant)} | {row.WarmFirstVectorMs:N0} ms | {row.ColdFirstVectorMs:N0} ms | {row.SteadyRssMb:N0} MB | {row.PeakRssMb:N0} MB | {row.IdleCpuMs:N0} ms |");
        return text.ToString();
    }
}
