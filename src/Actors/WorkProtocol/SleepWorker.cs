using Akka.Actor;

namespace ActorEmbed.Actors.WorkProtocol;

/// <summary>Router to worker: nobody needs your model for now; close it until you hear <see cref="WakeWorker"/>.</summary>
internal sealed record SleepWorker : INoSerializationVerificationNeeded
{
    public static readonly SleepWorker Instance = new();
}
