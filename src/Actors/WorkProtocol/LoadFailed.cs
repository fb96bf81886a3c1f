using Akka.Actor;

namespace ActorEmbed.Actors.WorkProtocol;

/// <summary>Worker to router: the model could not be loaded, or could not produce its first vector.</summary>
/// <param name="Cause">One sentence.</param>
/// <param name="IsPermanent">Whether loading it again cannot help.</param>
internal sealed record LoadFailed(string Cause, bool IsPermanent) : INoSerializationVerificationNeeded;
