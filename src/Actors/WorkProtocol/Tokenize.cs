using ActorEmbed.Inference;
using Akka.Actor;

namespace ActorEmbed.Actors.WorkProtocol;

/// <summary>
/// Router to tokenizer: the token ids of these. Answered with <see cref="Tokenized"/>, or with a rejection that says why
/// not; one of an <see cref="Messages.RejectionReason.Overloaded"/> means that the tokenizer is not there for now.
/// </summary>
/// <param name="Texts">Any strings.</param>
internal sealed record Tokenize(IReadOnlyList<string> Texts) : INoSerializationVerificationNeeded
{
    /// <summary>
    /// Requests that a tokenizer works on at the same time. One that is long does not hold up the others, and no more
    /// than two compete with inference for cores and memory.
    /// </summary>
    public const int MostAtOnce = 2;

    /// <summary>Which prompt goes before each text; null for the model's default.</summary>
    public PromptChoice? Prompt { get; init; }

    /// <summary>Cancelled when nobody waits any more. It does not travel to another node.</summary>
    public CancellationToken Cancellation { get; init; }
}
