namespace ActorEmbed.Actors.Scheduling;

/// <summary>Texts a second while inference is at work, smoothed, to tell a rejected caller when to come back.</summary>
internal sealed class ThroughputMeter
{
    // A batch weighs a fifth: about five batches after a change in the kind of texts the figure has followed it.
    private const double WeightOfLatest = 0.2;

    // One second is the shortest that Retry-After can say; a minute is as long as a guess is worth anything.
    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    /// <summary>Zero until a batch has been measured.</summary>
    public double TextsPerSecond { get; private set; }

    public void Add(int texts, TimeSpan duration)
    {
        // The clock of a test may stand still, and a table lookup can be faster than the clock's step.
        if (duration <= TimeSpan.Zero)
            return;
        var rate = texts / duration.TotalSeconds;
        TextsPerSecond = TextsPerSecond == 0 ? rate : TextsPerSecond + (WeightOfLatest * (rate - TextsPerSecond));
    }

    /// <summary>Time until so many texts are through, between one second and one minute.</summary>
    public TimeSpan TimeFor(int texts)
    {
        if (TextsPerSecond == 0)
            return ShortestWait;
        var seconds = Math.Clamp(texts / TextsPerSecond, ShortestWait.TotalSeconds, LongestWait.TotalSeconds);
        return TimeSpan.FromSeconds(seconds);
    }
}
