namespace ActorEmbed.Actors.Scheduling;

/// <summary>
/// What the measured cost of batches means for the queue: how long a batch of big requests may be while small ones
/// come in beside it, when a rejected caller should come back, and whether a deadline can be met at all.
/// </summary>
internal sealed class Pace(SchedulingOptions options)
{
    // A lone text of everyday length, in tokens.
    private const int LoneTokens = 20;

    // A small request waits for the batch in flight, then runs: with twice its own duration before it, it takes three
    // times as long as on an idle server at the worst.
    private const double BigToLone = 2.0;

    // Shorter batches spend more on their fixed part than they save: measured, below this a tenth and more.
    private const int LeastTokens = 48;

    // An indexing run pauses between requests and singles come now and then: this long after they met, they may again.
    private static readonly TimeSpan MixedFor = TimeSpan.FromSeconds(10);

    // One second is the shortest that Retry-After can say; a minute is as long as a guess is worth anything.
    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    // A batch that takes this many times what batches of its size take is not coming back; a pause of the garbage
    // collector or a busy neighbour costs less.
    private const double PatienceFactor = 8;

    private readonly BatchCost _cost = new();
    private TimeSpan? _mixedAt;

    /// <summary>Workers that run batches side by side, at least 1.</summary>
    public int Workers { get; set; } = 1;

    /// <summary>Tokens a second in full batches, by all workers; zero while nothing has been measured.</summary>
    public double TokensPerSecond => _cost.IsKnown ? Workers * options.MaxTokensPerBatch / _cost.SecondsFor(options.MaxTokensPerBatch) : 0;

    /// <summary>Takes the measure of a batch that came back.</summary>
    public void Add(Batch batch, TimeSpan duration) => _cost.Add(batch.Tokens, duration);

    /// <summary>Notes that a small request came in while big ones were under way.</summary>
    public void NoteMixed(TimeSpan now) => _mixedAt = now;

    /// <summary>Tokens of a batch of big requests.</summary>
    public int TokensOfBigBatch(TimeSpan now)
    {
        if (!_cost.IsKnown || _mixedAt is null || now - _mixedAt > MixedFor)
            return options.MaxTokensPerBatch;
        var tokens = _cost.TokensWithin(BigToLone * _cost.SecondsFor(LoneTokens));
        return (int)Math.Clamp(tokens, Math.Min(LeastTokens, options.MaxTokensPerBatch), options.MaxTokensPerBatch);
    }

    /// <summary>Time until so much of the queue is through, between one second and one minute.</summary>
    public TimeSpan RetryAfter(long queuedTokens)
    {
        var seconds = TokensPerSecond == 0 ? 0 : queuedTokens / TokensPerSecond;
        return TimeSpan.FromSeconds(Math.Clamp(seconds, ShortestWait.TotalSeconds, LongestWait.TotalSeconds));
    }

    /// <summary>Whether so many tokens certainly take longer than the time that is left.</summary>
    public bool IsHopeless(long tokens, TimeSpan left)
    {
        // Texts of another kind may run faster than the measured ones: only what is off by more than that is certain.
        const double certainty = 2;
        return _cost.IsKnown && _cost.SecondsPerToken * tokens / Workers > certainty * left.TotalSeconds;
    }

    /// <summary>
    /// Time after which a batch counts as lost with its worker. Longer each time, so that a batch which is merely slow
    /// gets through; never longer than <see cref="SchedulingOptions.BatchTimeout"/>, which it is before any measurement.
    /// </summary>
    public TimeSpan PatienceFor(Batch batch, TimeSpan shortest)
    {
        if (!_cost.IsKnown)
            return options.BatchTimeout;
        var seconds = Math.Max(PatienceFactor * _cost.SecondsFor(batch.Tokens), shortest.TotalSeconds) * Math.Pow(2, batch.Losses);
        return TimeSpan.FromSeconds(Math.Min(seconds, options.BatchTimeout.TotalSeconds));
    }
}
