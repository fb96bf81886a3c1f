using System.Diagnostics;
using ActorEmbed.Actors.Scheduling;
using Akka.Actor;

namespace ActorEmbed.Actors.Messages;

/// <summary>What every request to the router has. It answers each exactly once.</summary>
public abstract record ModelRequest : INoSerializationVerificationNeeded
{
    private protected ModelRequest()
    {
    }

    /// <summary>
    /// The model that the answer has to come from: its full id or its short name, in any case, with or without Ollama's
    /// <c>:latest</c>. Null for whatever is served. If another is, the request is rejected with
    /// <see cref="RejectionReason.WrongModel"/>.
    /// </summary>
    public string? Model { get; init; }

    /// <summary>
    /// Time from receipt to answer; after it the request is rejected with <see cref="RejectionReason.DeadlineExceeded"/>.
    /// Null takes <see cref="SchedulingOptions.RequestTimeout"/>. What is above <see cref="WaitTimes.Longest"/> waits for
    /// ever, as <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> does.
    /// </summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The trace that the request belongs to: by default the one that is current where this is created.</summary>
    public ActivityContext Trace { get; init; } = Activity.Current?.Context ?? default;

    /// <summary>Cancelled when the caller no longer wants the answer: the request then costs no more work.</summary>
    public CancellationToken Cancellation { get; init; }
}
