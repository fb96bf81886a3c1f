namespace ActorEmbed.Api.Http;

/// <summary>How a client knows that it speaks to this server and not to a stranger on the port.</summary>
internal static class ServerHeader
{
    public const string Value = "ActorEmbed";
}
