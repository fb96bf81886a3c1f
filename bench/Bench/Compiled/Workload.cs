using ActorEmbed.Bench.StandIn;

namespace ActorEmbed.Bench.Compiled;

/// <summary>A batch as a client sends it.</summary>
/// <param name="Name">For the report.</param>
/// <param name="Texts">Token ids of each text.</param>
internal sealed record Workload(string Name, int[][] Texts)
{
    /// <summary>Texts of a request: what the original server took at once.</summary>
    public const int BatchSize = 32;

    // Fixed, so that every run measures the same texts.
    private const int Seed = 20;

    public double PaddedPerReal => (double)Texts.Length * Texts.Max(ids => ids.Length) / Tokens;

    public int Tokens => Texts.Sum(ids => ids.Length);

    public static Workload[] All() => [Mixed(), Equal(16), Equal(64), Equal(128)];

    /// <summary>
    /// Lengths as sentences and short paragraphs have them: lognormal, mean about 20 tokens, at most 128; padding such
    /// a batch to its longest text about triples it.
    /// </summary>
    private static Workload Mixed()
    {
        const double location = 2.87, scale = 0.5;
        var random = new Random(Seed);
        var texts = new int[BatchSize][];
        for (var i = 0; i < texts.Length; i++)
        {
            // Evenly spaced quantiles instead of draws: a sample of 32 would be a matter of luck.
            var normal = InverseNormal((i + 0.5) / BatchSize);
            var tokens = (int)Math.Clamp(Math.Exp(location + scale * normal), 3, StandInShape.MaxTokens);
            texts[i] = StandInIds.Draw(random, tokens);
        }

        random.Shuffle(texts);
        return new Workload("mixed lengths", texts);
    }

    private static Workload Equal(int tokens)
    {
        var random = new Random(Seed + tokens);
        return new Workload($"{tokens} tokens each", [.. Enumerable.Range(0, BatchSize).Select(_ => StandInIds.Draw(random, tokens))]);
    }

    /// <summary>Logistic approximation, good to two digits, which is all that lengths need.</summary>
    private static double InverseNormal(double p) => Math.Log(p / (1 - p)) / 1.702;
}
