namespace ActorEmbed.Api.Http.Safety;

/// <summary>On an endpoint: which of its requests are answered without the API key. Nothing of this server may be in the answer.</summary>
/// <param name="To">True for those.</param>
internal sealed record OpenWithoutKey(Func<HttpRequest, bool> To);
