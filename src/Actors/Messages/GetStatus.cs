using Akka.Actor;

namespace ActorEmbed.Actors.Messages;

/// <summary>Asks the router for a <see cref="ServiceStatus"/>.</summary>
public sealed record GetStatus : INoSerializationVerificationNeeded
{
    /// <summary>The query carries no data.</summary>
    public static readonly GetStatus Instance = new();
}
