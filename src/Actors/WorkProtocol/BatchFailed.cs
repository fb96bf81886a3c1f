using Akka.Actor;

namespace ActorEmbed.Actors.WorkProtocol;

/// <summary>Worker to router: the batch has no result, and I am being restarted.</summary>
internal sealed record BatchFailed(long BatchId, string Cause) : INoSerializationVerificationNeeded;
