using ActorEmbed.Actors.Inference;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Actors.WorkProtocol;
using Akka.Actor;

namespace ActorEmbed.Actors.Clustering;

/// <summary>
/// The batches that routers have given to an inference node. They are computed one at a time, in the order of arrival.
/// <para>Invariants: a batch that was taken is in <c>_waiting</c> or is <c>_current</c> until it is returned, or the node
/// has failed for good and has told all routers; <c>_current</c> is what the inference actor has, so while it is set
/// <c>_freeInference</c> is not.</para>
/// </summary>
/// <param name="limits">When a batch counts as hung.</param>
/// <param name="timers">Tell when it does.</param>
/// <param name="inference">Is told that it does.</param>
/// <param name="routers">Know the node of who gave a batch.</param>
/// <param name="thread">Where they are computed, in turn with those of other models.</param>
internal sealed class NodeBatches(BatchLimits limits, RunTimers timers, InferenceWatch inference, KnownRouters routers, InferenceThread.Share thread)
{
    private const string BatchKey = "batch";

    private readonly Queue<Assignment> _waiting = [];
    private Assignment? _current;
    // The one that has announced itself last.
    private IActorRef? _worker;
    private IActorRef? _freeInference;
    private int _maxTokensPerText = TextWeight.DefaultMaxTokens;

    /// <summary>Time after which the one counts as hung that the inference actor has; null where it has none.</summary>
    public TimeSpan? Patience => _current is { } current ? PatienceFor(current.Batch) : null;

    public bool IsEmpty => _current is null && _waiting.Count == 0;

    /// <summary>Whether the inference actor has nothing to do, and nothing waits for it.</summary>
    public bool IsIdle => IsEmpty && _freeInference is not null;

    /// <summary>The inference actor that has announced itself last.</summary>
    public IActorRef? Worker => _worker;

    /// <summary>Texts of the batches that wait.</summary>
    public int QueuedTexts => _waiting.Sum(waiting => waiting.Batch.Texts.Count);

    public bool IsWorker(IActorRef actor) => actor.Equals(_worker);

    /// <summary>Whether a router of that node has a batch here.</summary>
    public bool HasBatchOf(Address router) =>
        _current is { } current && routers.NodeOf(current.Router) == router || _waiting.Any(waiting => routers.NodeOf(waiting.Router) == router);

    /// <summary>An inference actor has loaded the model, which truncates texts at so many tokens.</summary>
    public void OnWorkerReady(IActorRef worker, int maxTokensPerText) => (_worker, _maxTokensPerText) = (worker, maxTokensPerText);

    /// <summary>An inference actor can take a batch.</summary>
    public void OnInferenceFree(IActorRef inferenceActor)
    {
        // One that is on its end may have asked before that.
        if (!IsWorker(inferenceActor))
            return;
        _freeInference = inferenceActor;
        StartNext();
    }

    /// <summary>The inference actor ends. A fresh one announces itself when it has loaded the model.</summary>
    public void OnWorkerGone() => (_worker, _freeInference) = (null, null);

    /// <summary>The inference actor closes its model, and asks again when it has opened it.</summary>
    public void OnSleep() => _freeInference = null;

    /// <summary>The inference thread is free for a batch of this model.</summary>
    public void OnTurn() => StartNext();

    /// <summary>The node's actor ends.</summary>
    public void OnOwnerGone() => thread.Leave();

    public void Add(EmbedBatch batch, IActorRef router)
    {
        _waiting.Enqueue(new Assignment(batch, router));
        StartNext();
    }

    /// <summary>Takes a batch back from the inference actor. Null when it does not have it: its node was restarted.</summary>
    /// <returns>The router that gave it.</returns>
    public IActorRef? TakeBack(long batchId) => _current?.Batch.BatchId == batchId ? TakeBackCurrent() : null;

    /// <summary>Takes back what the inference actor has, if anything.</summary>
    /// <returns>The router that gave it.</returns>
    public IActorRef? TakeBackCurrent()
    {
        if (_current is not { } current)
            return null;
        timers.Cancel(BatchKey);
        _current = null;
        thread.GiveBack();
        return current.Router;
    }

    /// <summary>Nothing will be computed any more.</summary>
    public void Clear()
    {
        _current = null;
        _waiting.Clear();
        thread.GiveBack();
    }

    private void StartNext()
    {
        if (_freeInference is not { } free || _waiting.Count == 0 || !thread.TryTake())
        {
            if (_current is null)
                thread.GiveBack();
            return;
        }

        var next = _waiting.Dequeue();
        (_freeInference, _current) = (null, next);
        free.Tell(next.Batch);
        // A thread inside the model cannot be stopped; the process has to go.
        var patience = PatienceFor(next.Batch);
        timers.Start(BatchKey, patience, () => inference.OnBatchHangs("a batch", patience));
    }

    private TimeSpan PatienceFor(EmbedBatch batch) =>
        limits.TimeoutOf(batch.Texts.Sum(text => (long)TextWeight.CostOf(TextWeight.Estimate(text.Text, _maxTokensPerText))));

    private sealed record Assignment(EmbedBatch Batch, IActorRef Router);
}
