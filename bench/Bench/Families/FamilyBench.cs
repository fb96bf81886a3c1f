using System.Globalization;
using System.Text;
using ActorEmbed.Bench.Compiled;
using ActorEmbed.Inference;
using Microsoft.ML.OnnxRuntime;

namespace ActorEmbed.Bench.Families;

/// <summary>What each family reaches of what the machine's matrix kernels give, and what a process of it needs.</summary>
internal static class FamilyBench
{
    private const int Rounds = 3;

    // As many as a text of a model for long texts may have; the check of memory is for these.
    private const int LongestText = 8192;

    private static readonly Precision[] Precisions = [Precision.Fp32, Precision.Int8];

    /// <param name="root">Where the stand-ins are, or are written.</param>
    /// <param name="results">Where the report is written; null prints it only.</param>
    /// <param name="wanted">Parts of names of shapes; none for all.</param>
    public static void Run(string root, string? results, IReadOnlyList<string> wanted)
    {
        FamilyShape[] shapes = [.. FamilyShapes.All.Where(shape => wanted.Count == 0 || wanted.Any(shape.Name.Contains))];
        // Written and compiled before anything is measured.
        foreach (var shape in shapes)
            foreach (var precision in Precisions)
                FamilyEncoder.Open(FamilyModel.Ensure(root, shape), shape, precision).Dispose();
        FamilyShape[] besideLlama = [.. shapes.Where(shape => LlamaBench.Prepare(FamilyModel.Ensure(root, shape), shape))];

        var machine = MachineLoad.Begin();
        var speed = new StringBuilder();
        var memory = new StringBuilder();
        var llama = new StringBuilder();
        foreach (var shape in shapes)
        {
            foreach (var precision in Precisions)
            {
                Add(memory, FamilyChild.Start(root, shape, precision, Math.Min(LongestText, shape.MaxTokens)));
                foreach (var row in Measure(FamilyModel.Ensure(root, shape), shape, precision))
                    Add(speed, row);
            }
        }

        foreach (var shape in besideLlama)
            foreach (var row in LlamaBench.Measure(FamilyModel.Ensure(root, shape), shape))
                Add(llama, row);

        var report = string.Create(CultureInfo.InvariantCulture, $"""
            # Families, {DateTime.UtcNow:yyyy-MM-dd}

            {MachineLoad.CpuName()}, {Environment.ProcessorCount} cores, ONNX Runtime {OrtEnv.Instance().GetVersionString()}; stand-ins with random weights; 32 texts a call, sentences of 20 and passages of 200 tokens on average; {Rounds} interleaved rounds, medians. The kernels' rate is that of nothing but the dense products, one thread on each core; attention is not counted in it. Other processes used {machine.BusyFromOthers():P0} of the machine during the run: where they used much, only the last column says something.

            | model | precision | texts | tokens/s | kernels, 10^9 operations/s | share of their rate | the same by processor time |
            |---|---|---|---|---|---|---|
            {speed.ToString().TrimEnd()}

            In a process of its own: resident memory after a few hundred texts, and then with one long text.

            | model | precision | first vector | steady | peak | long text | over steady | afterwards |
            |---|---|---|---|---|---|---|---|
            {memory.ToString().TrimEnd()}

            Beside llama.cpp (node-llama-cpp, one text in each of as many contexts as cores, token ids instead of texts, the same weights), in turn.

            | model | ours, theirs | texts | tokens/s | of llama.cpp | ratio | by processor time | least cosine to our fp32: ours, theirs | memory of llama.cpp, peak |
            |---|---|---|---|---|---|---|---|---|
            {llama.ToString().TrimEnd()}

            """);
        Console.WriteLine(report);
        if (results is not null)
            File.WriteAllText(Path.Combine(results, "families.md"), report);
    }

    private static IEnumerable<string> Measure(string directory, FamilyShape shape, Precision precision)
    {
        using var encoder = FamilyEncoder.Open(directory, shape, precision);
        using var kernels = new KernelRate(shape, precision);
        encoder.WaitForAllThreads();
        kernels.Run();
        foreach (var workload in FamilyWorkload.All)
        {
            var texts = workload.Draw(new FamilyIds(shape));
            encoder.Encode(texts);
            var (rates, shares, coreShares) = (new double[Rounds], new double[Rounds], new double[Rounds]);
            for (var round = 0; round < Rounds; round++)
            {
                var limit = Elapsed.Of(kernels.Run);
                var own = Elapsed.Of(() => encoder.Encode(texts));
                limit += Elapsed.Of(kernels.Run);
                var least = workload.Tokens * shape.GigaOperationsPerToken / (2 * kernels.Operations);
                rates[round] = workload.Tokens / own.Seconds;
                shares[round] = least * limit.Seconds / own.Seconds;
                coreShares[round] = least * limit.CoreSeconds / own.CoreSeconds;
            }

            var kernelRate = Median(rates) * shape.GigaOperationsPerToken / Median(shares);
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"| {shape.Name} | {precision.ToString().ToLowerInvariant()} | {workload.Name} | {Median(rates):N0} | {kernelRate:N0} | {Median(shares):F2} | {Median(coreShares):F2} |");
        }
    }

    private static void Add(StringBuilder rows, string row)
    {
        Console.Error.WriteLine(row);
        rows.Append(row).Append('\n');
    }

    private static double Median(double[] values) => SpeedBench.Percentile(values, 0.5);
}
