using Akka.Actor;

namespace ActorEmbed.Actors.Messages;

/// <summary>
/// Asks the router for the token ids of some texts. It answers once, with <see cref="TextsTokenized"/> or
/// <see cref="EmbedRejected"/>, and does not wait for inference.
/// </summary>
/// <param name="Texts">Any strings, blank ones included. Not to be changed once sent.</param>
public sealed record TokenizeTexts(IReadOnlyList<string> Texts) : INoSerializationVerificationNeeded
{
    /// <summary>Cancelled when the caller no longer wants the answer.</summary>
    public CancellationToken Cancellation { get; init; }
}
