using Akka.Actor;

namespace ActorEmbed.Actors.WorkProtocol;

/// <summary>Tokenizer to router: the texts, in the order of <see cref="Decode.Texts"/>.</summary>
internal sealed record Decoded(IReadOnlyList<string> Texts) : INoSerializationVerificationNeeded;
