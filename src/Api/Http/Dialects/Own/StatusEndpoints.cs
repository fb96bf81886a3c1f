using System.Text.Json;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Router;
using ActorEmbed.Api.Hosting.Models;
using ActorEmbed.Api.Http.Errors;
using ActorEmbed.Inference;
using Akka.Actor;
using Akka.Hosting;

namespace ActorEmbed.Api.Http.Dialects.Own;

/// <summary><c>GET /health</c> and <c>GET /info</c>: what is loaded, and how it is doing.</summary>
internal sealed class StatusEndpoints(IRequiredActor<BatchRouterActor> router, LoadProgress progress, ServerOptions options)
{
    public async Task<IResult> HealthAsync(CancellationToken cancellation)
    {
        var status = await AskAsync(cancellation);
        return status is { State: ServiceState.Ready, Model: { } model }
            ? Results.Ok(new { status = "ok", model = model.ShortName, dim = model.Dimensions, device = model.Device })
            : NotReady(status);
    }

    /// <summary>Whether the process is worth keeping: false only when nothing but a restart can help.</summary>
    public async Task<IResult> LiveAsync(CancellationToken cancellation)
    {
        var status = await AskAsync(cancellation);
        return status.State == ServiceState.Failed ? NotReady(status) : Results.Ok(new { status = "ok" });
    }

    public async Task<IResult> InfoAsync(CancellationToken cancellation)
    {
        var status = await AskAsync(cancellation);
        if (status.Model is not { } model)
            return NotReady(status);
        return Results.Ok(new
        {
            model_id = model.Id,
            kind = model.Kind,
            dim = model.Dimensions,
            device = model.Device,
            version = ProductVersion.Value,
            pid = Environment.ProcessId,
            max_tokens = model.MaxTokens,
            source = model.Source,
            pooling = model.Pooling,
            score_activation = model.Kind == ModelKind.Reranker ? model.ScoreActivation : (ScoreActivation?)null,
            assumption = model.Assumption,
            prompts = model.Prompts.All.ToDictionary(prompt => prompt.Name, prompt => prompt.Text),
            default_prompt_name = model.Prompts.DefaultName,
            matryoshka_dimensions = model.Matryoshka.All,
            queue = new { requests = status.QueuedRequests, texts = status.QueuedTexts, bytes = status.QueuedBytes },
            tokens_per_second = Math.Round(status.TokensPerSecond, 1),
            counters = status.Counters,
            nodes = options.Cluster is null ? null : status.Workers.Select(worker => new
            {
                address = worker.Node,
                state = JsonNamingPolicy.SnakeCaseLower.ConvertName(worker.State.ToString()),
                reason = worker.Reason is { } reason ? PublicReason.Of(reason) : null,
                model_id = worker.Model.Id,
                precision = JsonNamingPolicy.SnakeCaseLower.ConvertName(worker.Model.Precision.ToString()),
                sha256 = worker.Model.Fingerprint,
                batches = worker.Batches,
                texts = worker.Texts,
                lost_batches = worker.Lost,
                seconds_since_seen = Math.Round(worker.LastSeen.TotalSeconds, 1),
            }),
            settings = options,
        });
    }

    private Task<ServiceStatus> AskAsync(CancellationToken cancellation) =>
        router.ActorRef.Ask<ServiceStatus>(GetStatus.Instance, WaitTimes.ForStatus, cancellation);

    private IResult NotReady(ServiceStatus status)
    {
        var load = status.State == ServiceState.Failed ? null : progress.Status;
        var reason = status.Reason is { } failure ? PublicReason.Of(failure) : load?.Reason;
        return Results.Json(
            new { status = status.State == ServiceState.Failed ? "error" : "loading", reason, progress = load },
            statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}
