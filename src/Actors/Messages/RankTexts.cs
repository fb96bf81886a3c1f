using System.Diagnostics;
using ActorEmbed.Actors.Scheduling;
using Akka.Actor;

namespace ActorEmbed.Actors.Messages;

/// <summary>
/// Asks the router how well some texts fit a query. It answers exactly once, with <see cref="TextsRanked"/> or
/// <see cref="EmbedRejected"/>. That takes a reranker: an embedder rejects it with <see cref="RejectionReason.WrongKind"/>.
/// </summary>
/// <param name="Query">What the texts are compared with.</param>
/// <param name="Texts">Any strings, blank ones included. Not to be changed once sent.</param>
public sealed record RankTexts(string Query, IReadOnlyList<string> Texts) : INoSerializationVerificationNeeded
{
    /// <inheritdoc cref="EmbedTexts.Model" />
    public string? Model { get; init; }

    /// <summary>
    /// Whether query and text are cut where they have more tokens than the model takes, the longer one first. If not, the
    /// request is rejected with <see cref="RejectionReason.TextTooLong"/>, and that text costs no inference.
    /// </summary>
    public bool Truncate { get; init; } = true;

    /// <summary>
    /// Time from receipt to answer; after it the request is rejected with <see cref="RejectionReason.DeadlineExceeded"/>.
    /// Null takes <see cref="SchedulingOptions.RequestTimeout"/>. What is above <see cref="WaitTimes.Longest"/> waits for
    /// ever, as <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> does.
    /// </summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The trace that the request belongs to: by default the one that is current where this is created.</summary>
    public ActivityContext Trace { get; init; } = Activity.Current?.Context ?? default;

    /// <summary>Cancelled when the caller no longer wants the answer: the request then costs no more inference.</summary>
    public CancellationToken Cancellation { get; init; }
}
