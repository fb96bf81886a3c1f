using System.Globalization;
using System.Numerics.Tensors;
using ActorEmbed.Bench.Compiled;
using ActorEmbed.Bench.Families;
using ActorEmbed.Inference;
using ActorEmbed.Inference.Encoders;
using ActorEmbed.Inference.Graphs;
using ActorEmbed.Inference.Quality;
using ActorEmbed.Tests.RealModels;

namespace ActorEmbed.Bench.Real;

/// <summary>What int8 costs on real weights, and what each form of a model needs.</summary>
/// <param name="texts">A text a line; null for the paraphrases of the tests.</param>
/// <param name="sts">See <see cref="StsFile"/>; null for none.</param>
/// <param name="rounds">Interleaved measurements of time.</param>
internal sealed class RealBench(string? texts, string? sts, int rounds)
{
    public void Run()
    {
        Print($"{MachineLoad.CpuName()}, {Environment.ProcessorCount} cores, {CpuFeatures.Name}");
        foreach (var model in RealModel.All)
        {
            Print($"\n## {model.Name}\n");
            Accuracy(model);
            Speed(model);
            Memory(model);
        }
    }

    private void Accuracy(RealModel model)
    {
        string[] lines = texts is null ? [.. Paraphrases.Read().SelectMany(pair => new[] { pair.First, pair.Second })] : File.ReadAllLines(texts);
        var pairs = sts is null ? [] : StsFile.Read(sts);
        var tokenizer = RealVariant.Tokenizer(model);
        int[][] Ids(IEnumerable<string> those) => [.. those.Select(text => tokenizer.Tokenize(text).Ids)];
        var (ids, first, second) = (Ids(lines), Ids(pairs.Select(pair => pair.First)), Ids(pairs.Select(pair => pair.Second)));

        Print($"{lines.Length} texts, against the graph itself; Spearman of {pairs.Count} scored pairs.\n");
        Print($"| | cosine, mean | least | centred, median | least | nearest the same | of ten nearest | rank correlation of pairs | STS |");
        Print($"|---|---|---|---|---|---|---|---|---|");
        float[][]? reference = null;
        foreach (var variant in RealVariant.All)
        {
            using var encoder = RealVariant.Open(model, variant);
            var vectors = encoder.Encode(ids);
            reference ??= vectors;
            var a = Agreement.Of(reference, vectors);
            var score = pairs.Count == 0 ? "" : (100 * Spearman(encoder.Encode(first), encoder.Encode(second), pairs)).ToString("F2", CultureInfo.InvariantCulture);
            Print($"| {RealVariant.Describe(variant)} | {a.MeanCosine:F5} | {a.LeastCosine:F5} | {a.MedianCentred:F5} | {a.LeastCentred:F5} | {a.Nearest:P1} | {a.TenNearest:P1} | {a.Spearman:F5} | {score} |");
        }
    }

    private static double Spearman(float[][] first, float[][] second, IReadOnlyList<(string, string, double Score)> pairs) => RankCorrelation.Spearman(
        [.. first.Zip(second, (a, b) => (double)TensorPrimitives.CosineSimilarity<float>(a, b))], [.. pairs.Select(pair => pair.Score)]);

    private void Speed(RealModel model)
    {
        var shape = RealShape.Of(model);
        var tokenizer = RealVariant.Tokenizer(model);
        int[][] batch = [.. Paraphrases.Read().Take(Workload.BatchSize).Select(pair => tokenizer.Tokenize(pair.First).Ids)];
        var encoders = RealVariant.Timed.ToDictionary(variant => variant, variant => RealVariant.Open(model, variant));
        foreach (var encoder in encoders.Values)
            (encoder as PackedEncoder)?.WaitForAllThreads();
        var machine = MachineLoad.Begin();

        Print($"\nMedians of {rounds} rounds in turn; shares are of what the matrix kernels of this machine give at the model's shapes.\n");
        Print($"| | {batch.Length} sentences, texts/s | against the graph | share | lone sentence, ms | against the graph |");
        Print($"|---|---|---|---|---|---|");
        using var exact = new KernelRate(shape, Precision.Fp32);
        using var bytes = new KernelRate(shape, Precision.Int8);
        var seconds = encoders.Keys.ToDictionary(variant => variant, _ => (Batch: new double[rounds], Lone: new double[rounds], Share: new double[rounds]));
        foreach (var encoder in encoders.Values)
            encoder.Encode(batch);
        for (var round = 0; round < rounds; round++)
        {
            foreach (var (variant, encoder) in encoders)
            {
                var kernels = variant == RealVariant.Int8 ? bytes : exact;
                var before = kernels.Measure();
                seconds[variant].Batch[round] = SpeedBench.Time(encoder, batch);
                var limit = (before + kernels.Measure()) / 2;
                seconds[variant].Share[round] = batch.Sum(ids => ids.Length) * shape.GigaOperationsPerToken / seconds[variant].Batch[round] / limit;
                encoder.Encode([batch[0]]);
                seconds[variant].Lone[round] = SpeedBench.Time(encoder, [batch[0]]);
            }
        }

        var graph = seconds[RealVariant.Graph];
        foreach (var (variant, (together, lone, share)) in seconds)
            Print($"| {RealVariant.Describe(variant)} | {batch.Length / Median(together):N0} | {Ratio(graph.Batch, together):F2} | {Median(share):F2} | {1000 * Median(lone):F1} | {Ratio(graph.Lone, lone):F2} |");
        Print($"\nOther processes used {machine.BusyFromOthers():P0} of the machine.");
        foreach (var encoder in encoders.Values)
            encoder.Dispose();
    }

    private static void Memory(RealModel model)
    {
        Print($"\n| | first vector | resident after {RealChild.Batches} batches | peak |");
        Print($"|---|---|---|---|");
        foreach (var variant in RealVariant.Timed)
        {
            var figures = RealChild.Start(model.Name, variant);
            Print($"| {RealVariant.Describe(variant)} | {figures.FirstVectorMs:N0} ms | {figures.ResidentMb:N0} MB | {figures.PeakMb:N0} MB |");
        }
    }

    private static double Ratio(double[] reference, double[] other) => Median([.. reference.Zip(other, (theirs, ours) => theirs / ours)]);

    private static double Median(double[] values) => SpeedBench.Percentile(values, 0.5);

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
