using ActorEmbed.Api.Http.Errors;

namespace ActorEmbed.Api.Http.Dialects.Cohere;

/// <summary>Cohere's API, both versions of it: vectors, and the reranking that Jina's has the shape of.</summary>
internal sealed class CohereDialect(IServiceProvider services) : IDialect
{
    public const string Version1 = "1";
    public const string Version2 = "2";

    public ErrorFormat Errors { get; } = new CohereErrors();

    public void Map(IEndpointRouteBuilder routes)
    {
        var rerank = ActivatorUtilities.CreateInstance<RerankEndpoint>(services);
        var embed = ActivatorUtilities.CreateInstance<CohereEmbedEndpoint>(services);
        routes.MapPost("/v1/embed", context => embed.HandleAsync(context, Version1));
        routes.MapPost("/v2/embed", context => embed.HandleAsync(context, Version2));
        routes.MapPost("/v1/rerank", context => rerank.HandleAsync(context, Version1));
        routes.MapPost("/v2/rerank", context => rerank.HandleAsync(context, Version2));
    }
}
