using System.Globalization;
using System.Numerics.Tensors;
using ActorEmbed.Bench.Compiled;
using ActorEmbed.Bench.Peers;
using ActorEmbed.Inference;

namespace ActorEmbed.Bench.Families;

/// <summary>A model made of a decoder's layers beside llama.cpp on the same weights and the same texts, in turn.</summary>
internal static class LlamaBench
{
    private const int Rounds = 3;

    // All passages take a minute a round with the larger of the models, on either side.
    private const int PassageDivisor = 4;

    // A wrong norm, position or pooling costs far more than half precision does. Bytes of random weights are given room, as
    // bench/peers gives it.
    private const double LeastCosineF16 = 0.999, LeastCosineQ8 = 0.95;

    private static readonly (Precision Own, GgufType Theirs, double LeastCosine)[] Pairs =
        [(Precision.Fp32, GgufType.F16, LeastCosineF16), (Precision.Int8, GgufType.Q8_0, LeastCosineQ8)];

    private static readonly FamilyWorkload[] Workloads = [FamilyWorkload.All[0], FamilyWorkload.All[1].Part(PassageDivisor)];

    /// <summary>Writes what llama.cpp needs, unless it is there.</summary>
    /// <returns>Whether it can be run, and knows the model.</returns>
    public static bool Prepare(string directory, FamilyShape shape)
    {
        if (!GgufDecoder.Knows(shape.ModelType))
            return false;
        if (!LlamaPeer.IsInstalled)
        {
            Console.Error.WriteLine($"{shape.Name}: llama.cpp is left out; npm install --no-save --prefix bench/peers installs it.");
            return false;
        }

        foreach (var (_, type, _) in Pairs.Where(pair => !File.Exists(Gguf(directory, pair.Theirs))))
        {
            var unfinished = Gguf(directory, type) + ".part";
            GgufDecoder.Write(directory, type, unfinished);
            File.Move(unfinished, Gguf(directory, type));
        }

        return true;
    }

    /// <returns>Rows of the report.</returns>
    public static IEnumerable<string> Measure(string directory, FamilyShape shape)
    {
        var texts = Array.ConvertAll(Workloads, workload => workload.Draw(new FamilyIds(shape)));
        int[][] all = [.. texts.SelectMany(those => those)];
        float[][] reference;
        using (var exact = FamilyEncoder.Open(directory, shape, Precision.Fp32))
            reference = exact.Encode(all);
        foreach (var (precision, type, leastCosine) in Pairs)
        {
            using var encoder = FamilyEncoder.Open(directory, shape, precision);
            using var llama = new LlamaPeer(Gguf(directory, type), all.Max(text => text.Length));
            encoder.WaitForAllThreads();
            // The same texts warm both up.
            var (ours, theirs) = (LeastCosine(reference, encoder.Encode(all)), LeastCosine(reference, llama.Encode(all)));
            var name = $"{shape.Name} | {precision.ToString().ToLowerInvariant()}, {type}";
            if (theirs < leastCosine)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"| {name} | other vectors: least cosine {theirs:F5} | | | | | | |");
                continue;
            }

            for (var i = 0; i < texts.Length; i++)
            {
                var (own, their) = (new Elapsed[Rounds], new Elapsed[Rounds]);
                for (var round = 0; round < Rounds; round++)
                {
                    own[round] = Elapsed.Of(() => encoder.Encode(texts[i]));
                    their[round] = llama.Time(texts[i]);
                }

                var tokens = Workloads[i].Tokens;
                yield return string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {name} | {Workloads[i].Name} | {tokens / Median(own, t => t.Seconds):N0} | {tokens / Median(their, t => t.Seconds):N0} | {Ratio(own, their, t => t.Seconds):F2} | {Ratio(own, their, t => t.CoreSeconds):F2} | {ours:F5}, {theirs:F5} | {llama.PeakMemory():N0} MB |");
            }
        }
    }

    private static string Gguf(string directory, GgufType type) => Path.Combine(directory, $"model-{type.ToString().ToLowerInvariant()}.gguf");

    private static double LeastCosine(float[][] reference, float[][] vectors) =>
        reference.Zip(vectors, (a, b) => (double)TensorPrimitives.CosineSimilarity<float>(a, b)).Min();

    private static double Median(Elapsed[] times, Func<Elapsed, double> time) => SpeedBench.Percentile([.. times.Select(time)], 0.5);

    private static double Ratio(Elapsed[] own, Elapsed[] theirs, Func<Elapsed, double> time) =>
        SpeedBench.Percentile([.. own.Zip(theirs, (a, b) => time(b) / time(a))], 0.5);
}
