using Akka.Actor;

namespace ActorEmbed.Actors.Router;

/// <summary>Cluster watch to router: nothing can be expected of this node's workers until they speak up again.</summary>
/// <param name="Node">Where they are.</param>
/// <param name="Incarnation">Which of the processes that have had this address; null where that is not known.</param>
/// <param name="How">What happened, for logs and status.</param>
/// <param name="IsGone">Whether that process never comes back.</param>
internal sealed record NodeLost(Address Node, int? Incarnation, string How, bool IsGone = false) : INoSerializationVerificationNeeded;
