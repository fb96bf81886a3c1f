using Akka.Actor;

namespace ActorEmbed.Actors.WorkProtocol;

/// <summary>Router to worker: your model is not the one that is served here.</summary>
internal sealed record WorkerRefused(string Reason) : INoSerializationVerificationNeeded;
