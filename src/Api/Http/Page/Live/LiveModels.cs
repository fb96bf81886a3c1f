using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Router;
using ActorEmbed.Api.Hosting.Models;
using ActorEmbed.Api.Http.Errors;
using Akka.Actor;
using Akka.Hosting;

namespace ActorEmbed.Api.Http.Page.Live;

/// <summary>Asks how the models of this server are doing.</summary>
internal sealed class LiveModels(IRequiredActor<BatchRouterActor> router, LoadProgress progress, ServerOptions options)
{
    /// <exception cref="AskTimeoutException">A router did not answer.</exception>
    public async Task<IReadOnlyList<LiveModel>> ReadAsync(CancellationToken cancellation)
    {
        var status = await router.ActorRef.Ask<ServiceStatus>(GetStatus.Instance, WaitTimes.ForStatus, cancellation);
        return [ModelOf(status)];
    }

    private LiveModel ModelOf(ServiceStatus status)
    {
        var load = status.State == ServiceState.Failed ? null : progress.Status;
        return new LiveModel(
            status.Model?.Id, status.State, PublicReasonOf(status.Reason) ?? load?.Reason, load, status.QueuedRequests, status.QueuedTexts, status.Counters,
            options.Cluster is null ? null : [.. status.Workers.Select(NodeOf)]);
    }

    private static LiveNode NodeOf(WorkerStatus worker) => new(
        worker.Node, worker.State, PublicReasonOf(worker.Reason), worker.Batches, worker.Texts, worker.Lost, Math.Round(worker.LastSeen.TotalSeconds, 1));

    private static string? PublicReasonOf(string? reason) => reason is null ? null : PublicReason.Of(reason);
}
