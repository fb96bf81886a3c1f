using ActorEmbed.Api.Http.Errors;

namespace ActorEmbed.Api.Http.Dialects.OpenAi;

/// <summary>OpenAI's API as its SDKs call it: with <c>/v1</c> in their base URL or without it, and as Azure has it.</summary>
internal sealed class OpenAiDialect(IServiceProvider services) : IDialect
{
    public ErrorFormat Errors { get; } = new OpenAiErrors();

    public void Map(IEndpointRouteBuilder routes)
    {
        var openAi = ActivatorUtilities.CreateInstance<OpenAiEndpoints>(services);
        routes.MapPost("/v1/embeddings", openAi.EmbeddingsAsync);
        routes.MapPost("/embeddings", openAi.EmbeddingsAsync);
        routes.MapPost("/openai/deployments/{deployment}/embeddings", openAi.EmbeddingsAsync);
        routes.MapGet("/v1/models", openAi.ModelsAsync);
        // The id of a model has a slash in it.
        routes.MapGet("/v1/models/{**id}", openAi.ModelAsync);
    }
}
