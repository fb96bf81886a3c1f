namespace ActorEmbed.Api.Http;

/// <summary>The body of <c>POST /embed</c>.</summary>
internal sealed record EmbedRequest(IReadOnlyList<string> Texts, bool Normalize);
