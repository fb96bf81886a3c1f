using Akka.Actor;

namespace ActorEmbed.Actors.WorkProtocol;

/// <summary>Worker to router: I am free, one batch, please.</summary>
internal sealed record RequestWork : INoSerializationVerificationNeeded
{
    public static readonly RequestWork Instance = new();
}
