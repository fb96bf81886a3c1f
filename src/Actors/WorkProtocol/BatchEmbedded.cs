using ActorEmbed.Inference;
using Akka.Actor;

namespace ActorEmbed.Actors.WorkProtocol;

/// <summary>Worker to router: the results of a batch, in the order of its texts, every component finite.</summary>
internal sealed record BatchEmbedded(long BatchId, IReadOnlyList<TextEmbedding> Embeddings) : INoSerializationVerificationNeeded;
