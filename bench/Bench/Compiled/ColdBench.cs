using System.Globalization;
using ActorEmbed.Bench.StandIn;
using ActorEmbed.Inference.Encoders;

namespace ActorEmbed.Bench.Compiled;

/// <summary>
/// What a batch costs whose tokens nobody has asked for lately: their rows of the token table are on the disk, as after
/// a start of the machine, or when it has taken the memory for something else.
/// </summary>
internal static class ColdBench
{
    private const int Batches = 20;

    // The mean of sentences, see Workload.
    private const int Tokens = 20;

    public static void Run(string standIn)
    {
        using var encoder = (PackedEncoder)Variant.Open(Variant.Int8, standIn);
        encoder.WaitForAllThreads();
        foreach (var texts in new[] { 1, Workload.BatchSize })
        {
            var random = new Random(texts);
            var (cold, warm) = (new double[Batches], new double[Batches]);
            for (var i = 0; i < Batches; i++)
            {
                int[][] batch = [.. Enumerable.Range(0, texts).Select(_ => StandInIds.Draw(random, Tokens))];
                PageCache.Drop(Path.Combine(standIn, "model.safetensors"));
                cold[i] = 1000 * SpeedBench.Time(encoder, batch);
                warm[i] = 1000 * SpeedBench.Time(encoder, batch);
            }

            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{texts} texts of {Tokens} tokens: {SpeedBench.Percentile(warm, 0.5):F1} ms, from the disk {SpeedBench.Percentile(cold, 0.5):F1} ms (p90 {SpeedBench.Percentile(cold, 0.9):F1} ms)"));
        }
    }
}
