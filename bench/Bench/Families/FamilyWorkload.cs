namespace ActorEmbed.Bench.Families;

/// <summary>Texts of mixed lengths, as many as a batch has.</summary>
/// <param name="Name">What they are like.</param>
/// <param name="Lengths">Tokens of each.</param>
internal sealed record FamilyWorkload(string Name, int[] Lengths)
{
    private const int Texts = 32;

    // Fixed, so that every run measures the same texts.
    private const int Seed = 20;

    public int Tokens => Lengths.Sum();

    /// <summary>Sentences of 20 tokens on average, and passages of 200.</summary>
    public static FamilyWorkload[] All { get; } = [Mixed("sentences", 2.87, 0.5, 128), Mixed("passages", 5.15, 0.6, 512)];

    /// <summary>Some of the texts that are as mixed as all: for what takes long.</summary>
    /// <param name="divisor">One of so many texts, by length.</param>
    public FamilyWorkload Part(int divisor) => this with { Lengths = [.. Lengths.Order().Where((_, i) => i % divisor == divisor / 2)] };

    public int[][] Draw(FamilyIds ids)
    {
        var random = new Random(Seed);
        return [.. Lengths.Select(length => ids.Draw(random, length))];
    }

    /// <summary>Lognormal; evenly spaced quantiles instead of draws: a sample of 32 would be a matter of luck.</summary>
    private static FamilyWorkload Mixed(string name, double location, double scale, int most)
    {
        int[] lengths =
        [
            .. Enumerable.Range(0, Texts).Select(i => (i + 0.5) / Texts)
                // The logistic approximation of the normal quantile is good to two digits.
                .Select(p => Math.Log(p / (1 - p)) / 1.702)
                .Select(normal => (int)Math.Clamp(Math.Exp(location + (scale * normal)), 3, most)),
        ];
        new Random(Seed).Shuffle(lengths);
        return new FamilyWorkload(name, lengths);
    }
}
