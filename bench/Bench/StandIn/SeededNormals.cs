namespace ActorEmbed.Bench.StandIn;

/// <summary>Normally distributed numbers that depend on a seed and nothing else.</summary>
internal sealed class SeededNormals(ulong seed)
{
    // The inverse of the normal distribution at 65,536 places: fast enough for 278 million draws.
    private static readonly float[] Quantiles = BuildQuantiles();

    private ulong _state = seed;

    public void Fill(Span<float> values, float mean, float deviation)
    {
        for (var i = 0; i < values.Length;)
        {
            var bits = Next();
            for (var part = 0; part < 4 && i < values.Length; part++, bits >>= 16)
                values[i++] = mean + deviation * Quantiles[bits & 0xFFFF];
        }
    }

    /// <summary>SplitMix64.</summary>
    private ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    private static float[] BuildQuantiles()
    {
        var quantiles = new float[1 << 16];
        // Newton's method on the logistic approximation of the distribution function (error below 0.0002).
        for (var i = 0; i < quantiles.Length; i++)
        {
            var p = (i + 0.5) / quantiles.Length;
            var logit = Math.Log(p / (1 - p));
            var x = logit / 1.702;
            for (var step = 0; step < 20; step++)
                x -= (1.5976 * x + 0.070565992 * x * x * x - logit) / (1.5976 + 3 * 0.070565992 * x * x);
            quantiles[i] = (float)x;
        }

        return quantiles;
    }
}
