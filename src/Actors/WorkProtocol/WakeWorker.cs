using Akka.Actor;

namespace ActorEmbed.Actors.WorkProtocol;

/// <summary>
/// Router to worker: there is work again. The worker opens its model, as at the start, and then announces itself; one that
/// does not sleep has done so already.
/// </summary>
internal sealed record WakeWorker : INoSerializationVerificationNeeded
{
    public static readonly WakeWorker Instance = new();
}
