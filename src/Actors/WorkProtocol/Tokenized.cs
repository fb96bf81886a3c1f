using ActorEmbed.Inference;
using Akka.Actor;

namespace ActorEmbed.Actors.WorkProtocol;

/// <summary>Tokenizer to router: the ids.</summary>
/// <param name="Texts">For each text all of its tokens with their places, the special tokens around it included.</param>
/// <param name="Pieces">The vocabulary's entry of each id that occurs.</param>
internal sealed record Tokenized(
    IReadOnlyList<TextTokens> Texts, IReadOnlyDictionary<int, TokenPiece> Pieces) : INoSerializationVerificationNeeded;
