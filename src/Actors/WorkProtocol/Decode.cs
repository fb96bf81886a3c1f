using Akka.Actor;

namespace ActorEmbed.Actors.WorkProtocol;

/// <summary>Router to tokenizer: the texts that these stand for. Answered with <see cref="Decoded"/>, or as <see cref="Tokenize"/>.</summary>
/// <param name="Texts">Ids of the vocabulary.</param>
/// <param name="SkipsSpecialTokens">Whether special tokens are left out.</param>
internal sealed record Decode(IReadOnlyList<int[]> Texts, bool SkipsSpecialTokens) : INoSerializationVerificationNeeded
{
    /// <inheritdoc cref="Tokenize.Cancellation" />
    public CancellationToken Cancellation { get; init; }
}
