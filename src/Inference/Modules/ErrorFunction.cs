namespace ActorEmbed.Inference.Modules;

/// <summary>The error function, which .NET does not have.</summary>
internal static class ErrorFunction
{
    // Beyond this it is 1 to the last bit of a single.
    private const double Limit = 6;

    // Terms of the series after which nothing changes within the limit (measured against tables: 1e-15).
    private const int Terms = 160;

    /// <summary>erf(x) by its series without alternating signs: 2/sqrt(pi) * exp(-x²) * sum of 2^n x^(2n+1) / (1·3·…·(2n+1)).</summary>
    public static double Of(double x)
    {
        if (Math.Abs(x) > Limit)
            return Math.Sign(x);
        double term = x, sum = x;
        for (var n = 1; n < Terms; n++)
        {
            term *= 2 * x * x / ((2 * n) + 1);
            sum += term;
        }

        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }
}
