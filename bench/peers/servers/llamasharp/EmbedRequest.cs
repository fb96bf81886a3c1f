namespace ActorEmbed.Peers.LLamaSharp;

/// <summary>The body of <c>POST /embed</c>.</summary>
internal sealed record EmbedRequest(string[] Texts);
