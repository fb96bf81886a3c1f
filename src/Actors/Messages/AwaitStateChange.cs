using Akka.Actor;

namespace ActorEmbed.Actors.Messages;

/// <summary>
/// Asks the router for a <see cref="ServiceStatus"/> as soon as its state is another than <paramref name="From"/>; at
/// once when it is already.
/// </summary>
/// <param name="From">The state that the asker knows.</param>
public sealed record AwaitStateChange(ServiceState From) : INoSerializationVerificationNeeded;
