using Akka.Actor;

namespace ActorEmbed.Actors.WorkProtocol;

/// <summary>Router to worker: nothing that I sent you is still under way, and nothing more will come.</summary>
internal sealed record WorkerReleased : INoSerializationVerificationNeeded
{
    public static readonly WorkerReleased Instance = new();
}
