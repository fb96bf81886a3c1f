using Akka.Actor;

namespace ActorEmbed.Actors.WorkProtocol;

/// <summary>Worker to router: I am loading the model, and you will hear how that ended.</summary>
internal sealed record LoadStarted : INoSerializationVerificationNeeded
{
    public static readonly LoadStarted Instance = new();
}
