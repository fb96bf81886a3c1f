using Akka.Actor;

namespace ActorEmbed.Actors.Router;

/// <summary>Cluster watch to router: nothing can be expected of this node's workers until they speak up again.</summary>
internal sealed record NodeLost(Address Node, string How) : INoSerializationVerificationNeeded;
