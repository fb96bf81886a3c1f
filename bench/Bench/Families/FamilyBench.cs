using System.Globalization;
using ActorEmbed.Bench.Compiled;
using ActorEmbed.Inference;

namespace ActorEmbed.Bench.Families;

/// <summary>What each family reaches of what the machine's matrix kernels give, and what it needs.</summary>
internal static class FamilyBench
{
    /// <param name="root">Where the stand-ins are.</param>
    /// <param name="wanted">Parts of names of shapes; none for all.</param>
    /// <param name="rounds">Interleaved measurements.</param>
    public static void Run(string root, IReadOnlyList<string> wanted, int rounds)
    {
        foreach (var shape in FamilyShapes.All.Where(shape => wanted.Count == 0 || wanted.Any(shape.Name.Contains)))
        {
            var directory = FamilyModel.Ensure(root, shape);
            foreach (var precision in new[] { Precision.Fp32, Precision.Int8 })
                Measure(directory, shape, precision, rounds);
        }
    }

    /// <summary>Compiles one stand-in.</summary>
    public static void Compile(string root, string name, Precision precision)
    {
        var shape = FamilyShapes.All.Single(shape => shape.Name == name);
        FamilyEncoder.Open(FamilyModel.Ensure(root, shape), shape, precision).Dispose();
    }

    private static void Measure(string directory, FamilyShape shape, Precision precision, int rounds)
    {
        using var encoder = FamilyEncoder.Open(directory, shape, precision);
        using var kernels = new KernelRate(shape, precision);
        encoder.WaitForAllThreads();
        kernels.Measure();
        foreach (var workload in FamilyWorkload.All)
        {
            var texts = workload.Draw(new FamilyIds(shape));
            SpeedBench.Time(encoder, texts);
            var (rates, shares, limits) = (new double[rounds], new double[rounds], new double[rounds]);
            for (var round = 0; round < rounds; round++)
            {
                var before = kernels.Measure();
                rates[round] = workload.Tokens / SpeedBench.Time(encoder, texts);
                limits[round] = (before + kernels.Measure()) / 2;
                shares[round] = rates[round] * shape.GigaOperationsPerToken / limits[round];
            }

            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {shape.Name} | {precision} | {workload.Name} | {Median(rates):N0} | {Median(limits):N0} | {Median(shares):F2} |"));
        }
    }

    private static double Median(double[] values) => SpeedBench.Percentile(values, 0.5);
}
