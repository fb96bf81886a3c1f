using ActorEmbed.Api.Http.Errors;

namespace ActorEmbed.Api.Http.Dialects.Own;

/// <summary>The contract of the sidecar, and what the server tells of itself.</summary>
internal sealed class OwnDialect(IServiceProvider services) : IDialect
{
    public ErrorFormat Errors => ProblemFormat.Instance;

    public IEmbedForm EmbedForm { get; } = new OwnEmbedForm();

    public void Map(IEndpointRouteBuilder routes)
    {
        var status = ActivatorUtilities.CreateInstance<StatusEndpoints>(services);
        routes.MapGet("/health", status.HealthAsync);
        routes.MapGet("/health/ready", status.HealthAsync);
        routes.MapGet("/health/live", status.LiveAsync);
        routes.MapGet("/info", status.InfoAsync);
        routes.MapPost("/rank", ActivatorUtilities.CreateInstance<RankEndpoint>(services).HandleAsync);
    }
}
