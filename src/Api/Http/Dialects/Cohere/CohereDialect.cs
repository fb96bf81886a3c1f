using ActorEmbed.Api.Http.Errors;

namespace ActorEmbed.Api.Http.Dialects.Cohere;

/// <summary>The reranking of Cohere's API, both versions of it, which Jina's has the shape of.</summary>
internal sealed class CohereDialect(IServiceProvider services) : IDialect
{
    public ErrorFormat Errors { get; } = new CohereErrors();

    public void Map(IEndpointRouteBuilder routes)
    {
        var rerank = ActivatorUtilities.CreateInstance<RerankEndpoint>(services);
        routes.MapPost("/v1/rerank", context => rerank.HandleAsync(context, apiVersion: "1"));
        routes.MapPost("/v2/rerank", context => rerank.HandleAsync(context, apiVersion: "2"));
    }
}
