namespace ActorEmbed.Actors.Scheduling;

/// <summary>
/// What the measured cost of batches means for the queue: how long a batch of big requests may be while small ones
/// come in beside it, when a rejected caller should come back, and whether a deadline can be met at all.
/// </summary>
/// <param name="limits">Of a batch.</param>
/// <param name="share">Of a thread that other models use too; null where none does.</param>
internal sealed class Pace(BatchLimits limits, InferenceThread.Share? share = null)
{
    // A small request waits for the batch in flight, then runs: with twice its own duration before it, it takes three
    // times as long as on an idle server at the worst. What is promised is the 95th percentile, so that one counts.
    private const double BigToSmall = 2.0;
    private const double Promised = 0.95;

    // Enough for a 95th percentile, and few enough to follow a client that sends something else.
    private const int SmallRemembered = 40;

    // Shorter batches spend more on their fixed part than they save: measured, below this a tenth and more.
    private const int LeastTokens = 48;

    // A text of another model may cost a tenth of one of this: then the batch that it waits for is a single text.
    private const int LeastTokensBesideOthers = 1;

    // A small request may follow another within this time, so room is kept for it.
    private static readonly TimeSpan SmallFor = TimeSpan.FromSeconds(10);

    // One second is the shortest that Retry-After can say; a minute is as long as a guess is worth anything.
    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    // A batch that takes this many times what batches of its size take is not coming back; a pause of the garbage
    // collector or a busy neighbour costs less.
    private const double PatienceFactor = 8;

    // A batch that is at least this full shows what the model can do, rather than what a batch costs.
    private const double FullEnough = 0.5;

    // By so much a batch may raise the best figures: they follow a model that becomes slower within a hundred batches.
    private const double Forgetting = 1.02;

    private readonly BatchCost _cost = new();
    private readonly Queue<long> _smallTokens = new(SmallRemembered);
    private TimeSpan? _smallAt;
    private double _leastSecondsPerToken = double.PositiveInfinity;
    private double _leastSecondsPerBatch = double.PositiveInfinity;

    /// <summary>Workers that run batches side by side, at least 1.</summary>
    public int Workers { get; set; } = 1;

    /// <summary>Tokens a second in full batches, by all workers; zero while nothing has been measured.</summary>
    public double TokensPerSecond => _cost.IsKnown ? Workers * limits.Tokens / _cost.SecondsFor(limits.Tokens) : 0;

    /// <summary>Takes the measure of a batch that came back.</summary>
    public void Add(Batch batch, TimeSpan duration)
    {
        if (duration <= TimeSpan.Zero)
            return;
        // How far the estimate of a text's attention is from what it costs on this machine would be taken for the cost of
        // all tokens.
        var isLong = batch.Cost > limits.Tokens;
        if (!isLong || !_cost.IsKnown)
            _cost.Add(batch.Cost, duration);
        _leastSecondsPerBatch = Math.Min(duration.TotalSeconds, _leastSecondsPerBatch * Forgetting);
        if (isLong)
            return;
        if (batch.Tokens >= FullEnough * limits.Tokens || batch.DistinctCount >= FullEnough * limits.Texts)
            _leastSecondsPerToken = Math.Min(duration.TotalSeconds / batch.Tokens, _leastSecondsPerToken * Forgetting);
    }

    /// <summary>Notes that a small request came in: if big ones are under way, it waits for a batch of theirs.</summary>
    /// <param name="now">The time.</param>
    /// <param name="tokens">What it costs.</param>
    public void NoteSmall(TimeSpan now, long tokens)
    {
        _smallAt = now;
        if (_smallTokens.Count == SmallRemembered)
            _smallTokens.Dequeue();
        _smallTokens.Enqueue(tokens);
        if (share is not null && _cost.IsKnown)
            share.NoteSmall(now, TimeSpan.FromSeconds(SecondsOfSmall));
    }

    /// <summary>Tokens of a batch of big requests.</summary>
    public int TokensOfBigBatch(TimeSpan now)
    {
        var own = _cost.IsKnown && _smallAt is { } at && now - at <= SmallFor ? SecondsOfSmall : double.PositiveInfinity;
        return Math.Min(TokensBeside(own, LeastTokens), TokensOfSmallBatch(now));
    }

    /// <summary>Tokens of a batch of small requests: they keep each other waiting, but not those of other models for longer.</summary>
    public int TokensOfSmallBatch(TimeSpan now) => TokensBeside(SecondsOfOthers(now), LeastTokensBesideOthers);

    /// <summary>Time until so much of the queue is through, between one second and one minute.</summary>
    public TimeSpan RetryAfter(long queuedCost)
    {
        var seconds = TokensPerSecond == 0 ? 0 : queuedCost / TokensPerSecond;
        return TimeSpan.FromSeconds(Math.Clamp(seconds, ShortestWait.TotalSeconds, LongestWait.TotalSeconds));
    }

    /// <summary>
    /// Whether so much work certainly takes longer than the time that is left: longer than it would at the best that was
    /// seen lately, spread over all workers. What has not been seen yet is not hopeless.
    /// </summary>
    /// <param name="batches">Batches that come back before the last text does, at least.</param>
    /// <param name="tokens">Tokens computed before, at least.</param>
    /// <param name="left">Time until the deadline.</param>
    public bool IsHopeless(double batches, long tokens, TimeSpan left) =>
        IsLonger(batches, _leastSecondsPerBatch, left) || IsLonger(tokens, _leastSecondsPerToken, left);

    /// <summary>
    /// Time after which a batch counts as lost with its worker. Longer each time, so that a batch which is merely slow
    /// gets through; never longer than <see cref="BatchLimits.TimeoutOf"/>, which it is before any measurement.
    /// </summary>
    public TimeSpan PatienceFor(Batch batch, TimeSpan shortest)
    {
        if (!_cost.IsKnown)
            return limits.TimeoutOf(batch.Cost);
        var seconds = Math.Max(PatienceFactor * _cost.SecondsFor(batch.Cost), shortest.TotalSeconds) * Math.Pow(2, batch.Losses);
        return TimeSpan.FromSeconds(Math.Min(seconds, limits.TimeoutOf(batch.Cost).TotalSeconds));
    }

    private double SecondsOfSmall => _cost.SecondsFor(_smallTokens.Order().ElementAt((int)(Promised * (_smallTokens.Count - 1))));

    private double SecondsOfOthers(TimeSpan now) => share?.ShortestSmallOfOthers(now, SmallFor)?.TotalSeconds ?? double.PositiveInfinity;

    /// <summary>Tokens of a batch that small requests may have to wait for.</summary>
    private int TokensBeside(double secondsOfSmall, int least)
    {
        if (!_cost.IsKnown || double.IsPositiveInfinity(secondsOfSmall))
            return limits.Tokens;
        var tokens = _cost.TokensWithin(BigToSmall * secondsOfSmall);
        return (int)Math.Clamp(tokens, Math.Min(least, limits.Tokens), limits.Tokens);
    }

    private bool IsLonger(double amount, double leastSeconds, TimeSpan left) =>
        double.IsFinite(leastSeconds) && amount * leastSeconds / Workers > left.TotalSeconds;
}
