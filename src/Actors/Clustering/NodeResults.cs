using ActorEmbed.Actors.Inference;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.WorkProtocol;
using Akka.Actor;
using Akka.Event;

namespace ActorEmbed.Actors.Clustering;

/// <summary>What the inference actor of a node gives back, or does not; each goes to the router that gave the batch.</summary>
/// <param name="batches">Know that router.</param>
/// <param name="departure">May have waited for the last one.</param>
/// <param name="sleep">One that goes to sleep asks for nothing.</param>
/// <param name="inference">Is told of failures.</param>
/// <param name="health">Is told of success.</param>
/// <param name="log">The node's.</param>
internal sealed class NodeResults(NodeBatches batches, NodeDeparture departure, NodeSleep sleep, InferenceWatch inference, ServiceHealth health, ILoggingAdapter log)
{
    public ServiceCounters Counters { get; private set; } = new();

    public void OnEmbedded(BatchEmbedded embedded)
    {
        health.OnBatchEmbedded();
        Counters = Counters with
        {
            Batches = Counters.Batches + 1,
            Texts = Counters.Texts + embedded.Embeddings.Count,
            Tokens = Counters.Tokens + embedded.Embeddings.Sum(e => (long)e.TokenCount),
            Truncated = Counters.Truncated + embedded.Embeddings.Count(e => e.IsTruncated && !e.IsTooLong),
        };
        if (batches.TakeBack(embedded.BatchId) is not { } router)
            return;
        router.Tell(embedded);
        // A moment before inference asks itself: the next batch is on its way by then.
        if (!departure.IsUnderWay && !sleep.IsAsleep)
            router.Tell(RequestWork.Instance);
        departure.LeaveIfDone();
    }

    public void OnFailed(BatchFailed failed)
    {
        log.Warning("Batch {BatchId} failed: {Cause}", failed.BatchId, failed.Cause);
        // The routers are asked for work when a fresh inference actor is ready.
        batches.OnWorkerGone();
        batches.TakeBack(failed.BatchId)?.Tell(failed);
        inference.OnBatchFailed(failed.Cause);
        departure.LeaveIfDone();
    }

    /// <summary>The inference actor stopped without a word about its batch; a fresh one is on its way.</summary>
    public void OnWorkerStopped()
    {
        batches.OnWorkerGone();
        batches.TakeBackCurrent()?.Tell(new WorkerLeaving("its inference stopped"));
        inference.OnBatchFailed("the inference actor stopped");
        departure.LeaveIfDone();
    }

    public void CountRestart() => Counters = Counters with { Restarts = Counters.Restarts + 1 };
}
