using ActorEmbed.Actors.Inference;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Actors.WorkProtocol;
using Akka.Event;

namespace ActorEmbed.Actors.Router;

/// <summary>What comes back from workers, or does not.</summary>
/// <param name="policy">Says what the latter means.</param>
/// <param name="memory">Remembers that vectors were given out.</param>
/// <param name="inFlight">The batches that workers have.</param>
/// <param name="requests">Who waits for them.</param>
/// <param name="recovery">Takes those without a result.</param>
/// <param name="workers">Who had them.</param>
/// <param name="inference">Is told of failures.</param>
/// <param name="health">Is told of success.</param>
/// <param name="pace">Learns from it.</param>
/// <param name="telemetry">Counts it.</param>
/// <param name="log">The router's.</param>
/// <param name="now">The router's clock.</param>
internal sealed class BatchResults(
    RouterPolicy policy, RouterMemory memory, InFlightBatches inFlight, AcceptedRequests requests, BatchRecovery recovery, WorkerRegistry workers,
    InferenceWatch inference, ServiceHealth health, Pace pace, RouterTelemetry telemetry, ILoggingAdapter log, Func<TimeSpan> now)
{
    public void OnEmbedded(BatchEmbedded result)
    {
        if (!inFlight.TryTake(result.BatchId, out var taken))
            return;

        var (batch, worker, sentAt, _) = taken;
        if (result.Embeddings.Count != batch.DistinctCount)
        {
            // A node of another make: the inference actor looks itself.
            Fail(taken, $"The worker gave {result.Embeddings.Count} vectors for {batch.DistinctCount} texts.");
            return;
        }

        var duration = now() - sentAt;
        worker.OnReturned(batch.DistinctCount, now());
        memory.HasAnswered = true;
        health.OnBatchEmbedded();
        pace.Add(batch, duration);
        telemetry.OnBatchEmbedded(batch, result, duration);
        log.Debug("Batch {BatchId}: {Texts} texts, {Distinct} distinct, in {Duration}", batch.Id, batch.ItemCount, batch.DistinctCount, duration);

        requests.Complete(batch, result.Embeddings, worker.Model);
    }

    public void OnFailed(BatchFailed failed)
    {
        if (inFlight.TryTake(failed.BatchId, out var taken))
            Fail(taken, failed.Cause);
    }

    public void OnTimedOut(InFlightBatch late) => policy.OnBatchTimedOut(late, recovery, inference);

    private void Fail(InFlightBatch failed, string cause)
    {
        failed.Worker.OnReturned(texts: 0, now());
        recovery.Fail(failed, cause);
        // It starts its inference again and asks, or another in its place, when that can work.
        workers.MarkSuspect(failed.Worker, "its inference is being restarted");
        policy.OnBatchFailed(cause, inference);
    }
}
