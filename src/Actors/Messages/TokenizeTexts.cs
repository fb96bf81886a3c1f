using System.Diagnostics;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Inference;
using Akka.Actor;

namespace ActorEmbed.Actors.Messages;

/// <summary>
/// Asks the router for the token ids of some texts. It answers exactly once, with <see cref="TextsTokenized"/> or
/// <see cref="EmbedRejected"/>. Such requests do not wait for inference, but for each other, and for the model while it
/// is being loaded; the bounds of the queue hold for them too.
/// </summary>
/// <param name="Texts">Any strings, blank ones included. Not to be changed once sent.</param>
public sealed record TokenizeTexts(IReadOnlyList<string> Texts) : INoSerializationVerificationNeeded
{
    /// <inheritdoc cref="EmbedTexts.Model" />
    public string? Model { get; init; }

    /// <inheritdoc cref="EmbedTexts.Prompt" />
    public PromptChoice? Prompt { get; init; }

    /// <summary>
    /// Time from receipt to answer; after it the request is rejected with <see cref="RejectionReason.DeadlineExceeded"/>.
    /// Null takes <see cref="SchedulingOptions.RequestTimeout"/>. What is above <see cref="WaitTimes.Longest"/> waits for
    /// ever, as <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> does.
    /// </summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The trace that the request belongs to: by default the one that is current where this is created.</summary>
    public ActivityContext Trace { get; init; } = Activity.Current?.Context ?? default;

    /// <summary>Cancelled when the caller no longer wants the answer.</summary>
    public CancellationToken Cancellation { get; init; }
}
