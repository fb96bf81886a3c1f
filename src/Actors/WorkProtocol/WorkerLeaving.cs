using Akka.Actor;

namespace ActorEmbed.Actors.WorkProtocol;

/// <summary>Worker to router: no more batches for me, please; answered with <see cref="WorkerReleased"/>.</summary>
/// <param name="Failure">
/// Null when the node is being stopped in order: the batch in hand will be returned. Otherwise why it will not.
/// </param>
internal sealed record WorkerLeaving(string? Failure) : INoSerializationVerificationNeeded;
