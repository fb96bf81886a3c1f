namespace ActorEmbed.Api.Http.Errors;

/// <summary>There is no model to serve the request with, and waiting will not help.</summary>
internal sealed class ModelUnavailableException(string reason) : Exception(reason);
