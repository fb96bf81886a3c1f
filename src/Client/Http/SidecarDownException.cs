namespace ActorEmbed.Client.Http;

/// <summary>There is no server, and nobody has asked for one: trying again would not help.</summary>
internal sealed class SidecarDownException(string message) : Exception(message);
