using ActorEmbed.Actors.Messages;
using ActorEmbed.Api.Http.Errors;

namespace ActorEmbed.Api.Http.Page.Live;

/// <summary>Asks how the models of this server are doing.</summary>
internal sealed class LiveModels(ServedModels models, ServerOptions options)
{
    /// <exception cref="Akka.Actor.AskTimeoutException">A router did not answer.</exception>
    public async Task<IReadOnlyList<LiveModel>> ReadAsync(CancellationToken cancellation) =>
        await Task.WhenAll(models.All.Select(async model => ModelOf(model, await model.StatusAsync(cancellation))));

    private LiveModel ModelOf(ServedModel served, ServiceStatus status)
    {
        var load = status.State == ServiceState.Failed ? null : served.Progress.Status;
        return new LiveModel(
            status.Model is { } loaded ? served.NameOf(loaded) : served.Id, status.State, status.IsAsleep, PublicReasonOf(status.Reason) ?? load?.Reason, load,
            status.QueuedRequests, status.QueuedTexts, status.Counters, options.Cluster is null ? null : [.. status.Workers.Select(NodeOf)]);
    }

    private static LiveNode NodeOf(WorkerStatus worker) => new(
        worker.Node, worker.State, PublicReasonOf(worker.Reason), worker.Batches, worker.Texts, worker.Lost, Math.Round(worker.LastSeen.TotalSeconds, 1));

    private static string? PublicReasonOf(string? reason) => reason is null ? null : PublicReason.Of(reason);
}
