using ActorEmbed.Actors.Inference;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Actors.WorkProtocol;
using Akka.Actor;
using Akka.Event;

namespace ActorEmbed.Actors.Router;

/// <summary>Which workers take part, and with which model; and what becomes of the batches of those that go.</summary>
/// <param name="policy">Says who is accepted.</param>
/// <param name="limits">Of a batch; they follow the device of the model.</param>
/// <param name="memory">Knows the model that the router is bound to.</param>
/// <param name="workers">All that were heard of.</param>
/// <param name="recovery">Takes the batches of those that are lost.</param>
/// <param name="tokenizing">Takes what the tokenizers of those had.</param>
/// <param name="requests">May want another model.</param>
/// <param name="inference">Is told of loads and ends.</param>
/// <param name="log">The router's.</param>
/// <param name="now">The router's clock.</param>
internal sealed class Membership(
    RouterPolicy policy, BatchLimits limits, RouterMemory memory, WorkerRegistry workers, BatchRecovery recovery, TokenizingResults tokenizing,
    AcceptedRequests requests, InferenceWatch inference, ILoggingAdapter log, Func<TimeSpan> now)
{
    /// <summary>A worker announces its model.</summary>
    public void OnReady(IActorRef actor, WorkerReady ready)
    {
        var model = ready.Model;
        var isKnown = workers.TryGet(actor, out var known) && known.Model == model;
        var worker = workers.Announce(actor, ready, now());
        // The router is bound to its model once a caller has a vector of it, or while another worker serves it.
        var served = memory.HasAnswered || workers.ServesOther(worker) ? memory.Model : null;
        if (!policy.Accepts(model, served, limits, out var whyNot))
        {
            if (!isKnown)
                log.Error("Inference node {Node} is refused: {Reason}", worker.Node, whyNot);
            workers.MarkRefused(worker, whyNot);
            actor.Tell(new WorkerRefused(whyNot));
            return;
        }

        // A worker on another node tells less of the same model than one that is here.
        var tellsLess = memory.Model is { } told && ModelIdentity.IsSame(told, model) && model == ModelIdentity.Of(model);
        if (model != memory.Model && !tellsLess)
        {
            memory.Model = model;
            requests.OnModel(model);
        }

        limits.SuitTo(model.Device);
        inference.OnReady();
        if (!isKnown)
        {
            log.Info(
                "Model {Model} is ready on {Node}: {Dimensions} dimensions, {MaxTokens} tokens at most, {Device} in {Precision}",
                model.Id, worker.Node, model.Dimensions, model.MaxTokens, model.Device, model.Precision);
        }
    }

    /// <summary>A worker wants no more batches.</summary>
    public void OnLeaving(IActorRef actor, WorkerLeaving leaving)
    {
        if (!workers.TryGet(actor, out var worker))
            return;
        workers.MarkLeaving(worker, leaving.Failure);
        if (leaving.Failure is { } failure)
            LoseAllOf(worker, failure);
    }

    /// <summary>A worker has closed its model. What it was given in the same moment it still returns.</summary>
    public void OnAsleep(IActorRef actor)
    {
        if (workers.TryGet(actor, out var worker) && worker.State is WorkerState.Announced or WorkerState.Free or WorkerState.Waking)
            workers.MarkAsleep(worker!);
    }

    /// <summary>Nothing can be expected of the workers of this node for now.</summary>
    public void OnNodeLost(NodeLost lost)
    {
        foreach (var worker in workers.OnNode(lost.Node, lost.Incarnation))
        {
            workers.MarkSuspect(worker, lost.How);
            LoseAllOf(worker, lost.How);
            if (lost.IsGone)
                workers.Remove(worker);
        }
    }

    /// <summary>
    /// Whether only <see cref="NodeLost"/> says that a worker's node is gone: Akka's own word that an address is goes for every
    /// process that ever had it, and comes late enough to be taken for the one that was started there since.
    /// </summary>
    public bool KnowsIncarnationOf(IActorRef actor) => workers.TryGet(actor, out var worker) && worker.Incarnation is not null;

    /// <summary>A worker has stopped.</summary>
    public void OnStopped(IActorRef actor)
    {
        if (!workers.TryGet(actor, out var worker))
            return;
        var wasServing = worker.IsServing;
        LoseAllOf(worker, "it stopped");
        workers.Remove(worker);
        // A worker that was not serving has announced its end before, and its failure was counted then.
        if (wasServing)
            policy.OnWorkerStopped(inference);
    }

    private void LoseAllOf(Worker worker, string how)
    {
        recovery.LoseAllOf(worker, how);
        tokenizing.LoseAllOf(worker);
    }
}
