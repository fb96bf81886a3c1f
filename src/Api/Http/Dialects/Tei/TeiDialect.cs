using ActorEmbed.Api.Http.Errors;

namespace ActorEmbed.Api.Http.Dialects.Tei;

/// <summary>text-embeddings-inference's API; its <c>/embed</c> is shared.</summary>
internal sealed class TeiDialect(IServiceProvider services) : IDialect
{
    public ErrorFormat Errors => TeiErrors.Instance;

    public IEmbedForm EmbedForm { get; } = new TeiEmbedForm();

    public void Map(IEndpointRouteBuilder routes)
    {
        var answers = ActivatorUtilities.CreateInstance<LargeAnswers>(services);
        routes.MapPost("/embed_all", ActivatorUtilities.CreateInstance<EmbedAllEndpoint>(services, answers).HandleAsync);
        routes.MapPost("/tokenize", ActivatorUtilities.CreateInstance<TokenizeEndpoint>(services, new TokenAnswer(answers)).HandleAsync);
        routes.MapPost("/decode", ActivatorUtilities.CreateInstance<DecodeEndpoint>(services).HandleAsync);
        routes.MapPost("/rerank", ActivatorUtilities.CreateInstance<RerankEndpoint>(services).HandleAsync);
        routes.MapPost("/similarity", ActivatorUtilities.CreateInstance<SimilarityEndpoint>(services).HandleAsync);
    }
}
