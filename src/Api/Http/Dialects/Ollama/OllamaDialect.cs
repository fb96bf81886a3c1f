using ActorEmbed.Api.Http.Errors;

namespace ActorEmbed.Api.Http.Dialects.Ollama;

/// <summary>The part of Ollama's API that embeds, and what its clients ask for before they do.</summary>
internal sealed class OllamaDialect(IServiceProvider services) : IDialect
{
    public ErrorFormat Errors { get; } = new OllamaErrors();

    public void Map(IEndpointRouteBuilder routes)
    {
        var ollama = ActivatorUtilities.CreateInstance<OllamaEndpoints>(services);
        routes.MapPost("/api/embed", ollama.EmbedAsync);
        routes.MapPost("/api/embeddings", ollama.EmbeddingsAsync);
        var models = ActivatorUtilities.CreateInstance<ModelEndpoints>(services);
        routes.MapGet("/api/tags", models.TagsAsync);
        routes.MapGet("/api/ps", models.RunningAsync);
        routes.MapPost("/api/show", models.ShowAsync);
        routes.MapPost("/api/pull", ActivatorUtilities.CreateInstance<PullEndpoint>(services).HandleAsync);
        routes.MapGet("/api/version", OllamaEndpoints.VersionAsync);
    }
}
