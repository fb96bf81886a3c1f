using System.Collections.Concurrent;

namespace ActorEmbed.Inference.Tests.Hub;

/// <summary>
/// A clock for which waiting takes no time: a delay is written down and is over at once. Only the watch on silence,
/// known by its length, runs as long as it says, since it waits for something real.
/// </summary>
internal sealed class ImpatientClock(TimeSpan stallTimeout) : TimeProvider
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly ConcurrentQueue<TimeSpan> _waits = new();

    /// <summary>The delays that were asked for.</summary>
    public IReadOnlyList<TimeSpan> Waits => [.. _waits];

    public override DateTimeOffset GetUtcNow() => Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime == stallTimeout)
            return base.CreateTimer(callback, state, dueTime, period);
        _waits.Enqueue(dueTime);
        return base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
