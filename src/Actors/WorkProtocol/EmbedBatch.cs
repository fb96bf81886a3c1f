using Akka.Actor;

namespace ActorEmbed.Actors.WorkProtocol;

/// <summary>Router to worker: compute these.</summary>
/// <param name="BatchId">Comes back with the result.</param>
/// <param name="Texts">Distinct texts.</param>
internal sealed record EmbedBatch(long BatchId, IReadOnlyList<BatchText> Texts) : INoSerializationVerificationNeeded;
