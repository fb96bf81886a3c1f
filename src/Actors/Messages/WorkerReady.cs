using ActorEmbed.Inference;
using Akka.Actor;

namespace ActorEmbed.Actors.Messages;

/// <summary>Worker to router: my model has produced a real vector.</summary>
internal sealed record WorkerReady(ModelInfo Model) : INoSerializationVerificationNeeded;
