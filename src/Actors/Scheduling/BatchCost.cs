namespace ActorEmbed.Actors.Scheduling;

/// <summary>
/// What a batch costs, learned from the batches that came back: a fixed part and one for each token. A least-squares
/// line over the recent ones, older ones counting less.
/// </summary>
internal sealed class BatchCost
{
    // The newest batch weighs a twentieth, so the line follows the last few dozen batches, small and large ones.
    private const double WeightOfLatest = 0.05;

    // Sizes that differ by less than a tenth of their mean say nothing about the slope.
    private const double LeastSpread = 0.1;

    // A pause of the machine or a cold start says nothing about the next batch.
    private const double OutlierFactor = 2;

    private double _meanTokens;
    private double _meanSeconds;
    private double _variance;
    private double _covariance;

    /// <summary>Whether any batch has been measured.</summary>
    public bool IsKnown => _meanSeconds > 0;

    /// <summary>Seconds a token, beside <see cref="FixedSeconds"/>.</summary>
    public double SecondsPerToken => IsLine ? Math.Max(_covariance / _variance, 0) : _meanSeconds / _meanTokens;

    /// <summary>Seconds that a batch takes whatever its size.</summary>
    public double FixedSeconds => IsLine ? Math.Max(_meanSeconds - (SecondsPerToken * _meanTokens), 0) : 0;

    private bool IsLine => _variance > LeastSpread * LeastSpread * _meanTokens * _meanTokens;

    public void Add(int tokens, TimeSpan duration)
    {
        // The clock of a test may stand still, and a table lookup can be faster than the clock's step.
        if (duration <= TimeSpan.Zero)
            return;
        if (!IsKnown)
        {
            (_meanTokens, _meanSeconds) = (tokens, duration.TotalSeconds);
            return;
        }

        var seconds = Math.Min(duration.TotalSeconds, OutlierFactor * Math.Max(SecondsFor(tokens), _meanSeconds));
        var fromTokens = tokens - _meanTokens;
        var fromSeconds = seconds - _meanSeconds;
        _meanTokens += WeightOfLatest * fromTokens;
        _meanSeconds += WeightOfLatest * fromSeconds;
        _variance = (1 - WeightOfLatest) * (_variance + (WeightOfLatest * fromTokens * fromTokens));
        _covariance = (1 - WeightOfLatest) * (_covariance + (WeightOfLatest * fromTokens * fromSeconds));
    }

    /// <summary>Seconds for so many tokens in one batch; zero while nothing is known.</summary>
    public double SecondsFor(long tokens) => IsKnown ? FixedSeconds + (SecondsPerToken * tokens) : 0;

    /// <summary>Tokens of a batch that takes so long.</summary>
    public double TokensWithin(double seconds) =>
        SecondsPerToken > 0 ? Math.Max(0, seconds - FixedSeconds) / SecondsPerToken : double.PositiveInfinity;
}
