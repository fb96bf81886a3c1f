namespace ActorEmbed.Actors.Messages;

/// <summary>How long requests wait for their answer, and those who asked for the router.</summary>
public static class WaitTimes
{
    // The router answers every request within its time-out; this is for the case that the router itself is lost.
    private static readonly TimeSpan AnswerMargin = TimeSpan.FromSeconds(10);

    /// <summary>The longest time-out: above it there is none. Nobody who names more than a day means to be answered then.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>
    /// How long to wait for a <see cref="ServiceStatus"/>. The router never blocks: if this passes, the process is not
    /// healthy.
    /// </summary>
    public static readonly TimeSpan ForStatus = TimeSpan.FromSeconds(5);

    /// <summary>What a time-out means: itself, or for ever if it is longer than <see cref="Longest"/>.</summary>
    /// <param name="timeout">Any, <see cref="TimeSpan.MaxValue"/> and <see cref="Timeout.InfiniteTimeSpan"/> included.</param>
    public static TimeSpan Limit(TimeSpan timeout) => timeout > Longest ? Timeout.InfiniteTimeSpan : timeout;

    /// <summary>How long to wait for the answer of a request with this time-out.</summary>
    /// <param name="timeout">The request's; may be infinite.</param>
    public static TimeSpan ForAnswer(TimeSpan timeout) =>
        Limit(timeout) is var limit && limit == Timeout.InfiniteTimeSpan ? limit : limit + AnswerMargin;
}
