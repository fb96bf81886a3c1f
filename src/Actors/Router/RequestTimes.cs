using System.Diagnostics;

namespace ActorEmbed.Actors.Router;

/// <summary>When a request was accepted and first served, and the trace that it belongs to.</summary>
/// <param name="acceptedAt">On the clock that durations are measured with, which nobody sets back.</param>
/// <param name="acceptedAtUtc">The same moment for spans.</param>
/// <param name="trace">What the request came with.</param>
internal sealed class RequestTimes(TimeSpan acceptedAt, DateTimeOffset acceptedAtUtc, ActivityContext trace)
{
    public TimeSpan AcceptedAt => acceptedAt;

    public ActivityContext Trace => trace;

    /// <summary>When a batch first took one of its texts; null while none has.</summary>
    public TimeSpan? FirstSentAt { get; set; }

    /// <summary>A moment on the measuring clock, for a span.</summary>
    public DateTimeOffset ToUtc(TimeSpan moment) => acceptedAtUtc + (moment - acceptedAt);
}
