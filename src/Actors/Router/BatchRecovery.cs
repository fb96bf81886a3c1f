using ActorEmbed.Actors.Scheduling;
using Akka.Event;

namespace ActorEmbed.Actors.Router;

/// <summary>What becomes of the texts of a batch that has no result.</summary>
/// <param name="queue">Where they go again.</param>
/// <param name="requests">Who waits for them.</param>
/// <param name="inFlight">Where the batch was.</param>
/// <param name="workers">Who had it.</param>
/// <param name="telemetry">Counts it.</param>
/// <param name="maxLosses">Workers that a text may be lost with before it is rejected.</param>
/// <param name="log">The router's.</param>
internal sealed class BatchRecovery(
    RequestQueue queue, AcceptedRequests requests, InFlightBatches inFlight, WorkerRegistry workers, RouterTelemetry telemetry, int maxLosses, ILoggingAdapter log)
{
    /// <summary>The model failed on a batch: each of its texts is tried alone, so that only the culprit is rejected.</summary>
    public void Fail(InFlightBatch failed, string cause)
    {
        var (batch, worker, _, _) = failed;
        log.Warning("Batch {BatchId} of {Texts} texts failed on {Node}: {Cause}", batch.Id, batch.ItemCount, worker.Node, cause);
        telemetry.OnBatchFailed();
        TryAgainAlone(batch, batch.Losses, cause);
    }

    /// <summary>A batch went down with its worker: another gets it. What takes down worker after worker is found out, text by text.</summary>
    public void Lose(InFlightBatch lost, string how)
    {
        var (batch, worker, _, _) = lost;
        var losses = batch.Losses + 1;
        log.Warning("Batch {BatchId} of {Texts} texts was lost on {Node}: {How}. It is given to another.", batch.Id, batch.ItemCount, worker.Node, how);
        telemetry.OnBatchLost();
        workers.MarkLost(worker, how);
        if (batch.DistinctCount > 1 ? losses * 2 >= maxLosses : losses >= maxLosses)
            TryAgainAlone(batch, losses, $"{losses} workers were lost with it.");
        else
            queue.PutBack(batch);
    }

    /// <summary>Every batch of this worker is lost.</summary>
    public void LoseAllOf(Worker worker, string how)
    {
        foreach (var id in inFlight.Of(worker))
        {
            if (inFlight.TryTake(id, out var taken))
                Lose(taken, how);
        }
    }

    private void TryAgainAlone(Batch batch, int losses, string cause)
    {
        if (batch.DistinctCount == 1)
        {
            requests.RejectText(batch, place: 0, cause);
            return;
        }

        for (var place = 0; place < batch.DistinctCount; place++)
            queue.AddAlone(batch.WaitingAt(place), losses);
    }
}
