using System.Diagnostics;
using ActorEmbed.Inference.Encoders;

namespace ActorEmbed.Bench.Compiled;

/// <summary>Throughput and latency of all variants in one process, interleaved so that drift hits all alike.</summary>
internal static class SpeedBench
{
    private const int LoneRequests = 100;
    private const int LoneBlock = 10;
    private static readonly TimeSpan SettleTime = TimeSpan.FromMilliseconds(50);
    private static readonly int[] LoneLengths = [16, 64];

    public static List<Throughput> MeasureThroughput(IReadOnlyDictionary<string, ITextEncoder> encoders, int rounds)
    {
        var results = new List<Throughput>();
        foreach (var workload in Workload.All())
        {
            var seconds = encoders.Keys.ToDictionary(variant => variant, _ => new double[rounds]);
            foreach (var encoder in encoders.Values)
                encoder.Encode(workload.Texts);
            for (var round = 0; round < rounds; round++)
                foreach (var (variant, encoder) in encoders)
                    seconds[variant][round] = Time(encoder, workload.Texts);
            foreach (var (variant, times) in seconds)
            {
                var median = Percentile(times, 0.5);
                var ratio = Percentile([.. times.Select((time, round) => seconds[Variant.Naive][round] / time)], 0.5);
                results.Add(new Throughput(variant, workload.Name, workload.Tokens / median, workload.Texts.Length / median, ratio));
            }

            Console.Error.WriteLine($"{workload.Name}: {string.Join(", ", results.TakeLast(encoders.Count).Select(r => $"{r.Variant} {r.RatioToNaive:F2}"))}");
        }

        return results;
    }

    public static List<LoneLatency> MeasureLone(IReadOnlyDictionary<string, ITextEncoder> encoders)
    {
        var results = new List<LoneLatency>();
        foreach (var tokens in LoneLengths)
        {
            int[][] text = [StandIn.StandInIds.Draw(new Random(tokens), tokens)];
            var seconds = encoders.Keys.Where(variant => variant != Variant.Sorted).ToDictionary(variant => variant, _ => new double[LoneRequests]);
            for (var first = 0; first < LoneRequests; first += LoneBlock)
                foreach (var (variant, times) in seconds)
                {
                    // The plain variant's threads go on spinning after its run: they must not spin into another's.
                    Thread.Sleep(SettleTime);
                    encoders[variant].Encode(text);
                    for (var request = first; request < first + LoneBlock; request++)
                        times[request] = Time(encoders[variant], text);
                }

            foreach (var (variant, times) in seconds)
                results.Add(new LoneLatency(
                    variant, tokens, 1000 * Percentile(times, 0.5), 1000 * Percentile(times, 0.99),
                    Percentile(seconds[Variant.Naive], 0.5) / Percentile(times, 0.5)));
        }

        return results;
    }

    /// <returns>Seconds.</returns>
    public static double Time(ITextEncoder encoder, int[][] texts)
    {
        var start = Stopwatch.GetTimestamp();
        encoder.Encode(texts);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public static double Percentile(double[] values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted[(int)Math.Min(sorted.Length - 1, share * sorted.Length)];
    }
}
