using ActorEmbed.Api.Http.Errors;

namespace ActorEmbed.Api.Http.Dialects.Ollama;

/// <summary>The part of Ollama's API that embeds.</summary>
internal sealed class OllamaDialect(IServiceProvider services) : IDialect
{
    public ErrorFormat Errors { get; } = new OllamaErrors();

    public void Map(IEndpointRouteBuilder routes)
    {
        var ollama = ActivatorUtilities.CreateInstance<OllamaEndpoints>(services);
        routes.MapPost("/api/embed", ollama.EmbedAsync);
        routes.MapPost("/api/embeddings", ollama.EmbeddingsAsync);
        routes.MapGet("/api/tags", ollama.TagsAsync);
        routes.MapGet("/api/version", OllamaEndpoints.VersionAsync);
    }
}
