using System.Diagnostics;

namespace ActorEmbed.Actors.Scheduling;

/// <summary>When a request was accepted and first served, on the scheduler's clock, and the trace that it belongs to.</summary>
internal sealed class RequestTimes(DateTimeOffset acceptedAt, ActivityContext trace)
{
    public DateTimeOffset AcceptedAt => acceptedAt;

    public ActivityContext Trace => trace;

    /// <summary>When a batch first took one of its texts; null while none has.</summary>
    public DateTimeOffset? FirstSentAt { get; set; }
}
