using Akka.Actor;

namespace ActorEmbed.Actors.WorkProtocol;

/// <summary>Worker to router, of another node: I have closed my model; send <see cref="WakeWorker"/> before a batch.</summary>
internal sealed record WorkerAsleep : INoSerializationVerificationNeeded
{
    public static readonly WorkerAsleep Instance = new();
}
