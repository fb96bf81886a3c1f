using ActorEmbed.Inference;
using Akka.Actor;

namespace ActorEmbed.Actors.WorkProtocol;

/// <summary>Worker to router: my model has produced a real vector.</summary>
/// <param name="Model">What was loaded.</param>
/// <param name="Tokenizer">
/// Answers <see cref="Tokenize"/> while the worker is busy; stops with it. Null where that is the sender itself.
/// </param>
internal sealed record WorkerReady(ModelInfo Model, IActorRef? Tokenizer) : INoSerializationVerificationNeeded;
