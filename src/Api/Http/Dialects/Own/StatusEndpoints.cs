using ActorEmbed.Actors.Messages;

namespace ActorEmbed.Api.Http.Dialects.Own;

/// <summary>
/// <c>GET /health</c> and <c>GET /info</c>: what is loaded, and how it is doing. Where there are several models, both tell of
/// the first as they do of one, and list all beside it; <c>?model=</c> asks for another.
/// </summary>
internal sealed class StatusEndpoints(ServedModels models, ServerOptions options)
{
    public async Task<IResult> HealthAsync(string? model, CancellationToken cancellation)
    {
        var asked = models.Choose(model);
        var status = await asked.StatusAsync(cancellation);
        var all = model is null && models.AreSeveral ? await OfAllAsync(ModelHealth.Of, cancellation) : null;
        return status is { State: ServiceState.Ready, Model: { } loaded }
            ? Results.Ok(new { status = ModelHealth.Ok, model = loaded.ShortName, dim = loaded.Dimensions, device = loaded.Device, models = all })
            : NotReady(asked, status, all);
    }

    /// <summary>Whether the process is worth keeping: false only when nothing but a restart can help.</summary>
    public async Task<IResult> LiveAsync(CancellationToken cancellation)
    {
        var status = await models.First.StatusAsync(cancellation);
        return status.State == ServiceState.Failed ? NotReady(models.First, status, all: null) : Results.Ok(new { status = ModelHealth.Ok });
    }

    public async Task<IResult> InfoAsync(string? model, CancellationToken cancellation)
    {
        var asked = models.Choose(model);
        var status = await asked.StatusAsync(cancellation);
        if (status.Model is null)
            return NotReady(asked, status, all: null);
        var isNode = options.Cluster is not null;
        return Results.Ok(ModelReport.Of(asked, status, isNode) with
        {
            Version = ProductVersion.Value,
            Pid = Environment.ProcessId,
            Models = model is null && models.AreSeveral ? await OfAllAsync((each, itsStatus) => ModelReport.OfOne(each, itsStatus, isNode), cancellation) : null,
            Settings = options,
        });
    }

    private Task<T[]> OfAllAsync<T>(Func<ServedModel, ServiceStatus, T> describe, CancellationToken cancellation) =>
        Task.WhenAll(models.All.Select(async model => describe(model, await model.StatusAsync(cancellation))));

    private static IResult NotReady(ServedModel model, ServiceStatus status, ModelHealth[]? all)
    {
        var progress = status.State == ServiceState.Failed ? null : model.Progress.Status;
        return Results.Json(
            new { status = status.State == ServiceState.Failed ? "error" : "loading", reason = ModelHealth.ReasonOf(status, progress), progress, models = all },
            statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}
