using ActorEmbed.Actors.Scheduling;
using Akka.Actor;

namespace ActorEmbed.Actors.Router;

/// <summary>Hands batches to workers that are free, in turn with the routers of other models on the same thread.</summary>
/// <param name="queue">Where batches are cut.</param>
/// <param name="pace">Says how large.</param>
/// <param name="workers">Who is free.</param>
/// <param name="inFlight">Where a batch goes that was handed out.</param>
/// <param name="requests">Are told of it.</param>
/// <param name="policy">Says when it counts as lost.</param>
/// <param name="limits">Say when it counts as hung.</param>
/// <param name="thread">Whose turn it is.</param>
/// <param name="now">The router's clock.</param>
internal sealed class BatchDispatch(
    RequestQueue queue, Pace pace, WorkerRegistry workers, InFlightBatches inFlight, AcceptedRequests requests, RouterPolicy policy, BatchLimits limits,
    InferenceThread.Share thread, Func<TimeSpan> now)
{
    private bool _hasUsedTurn;

    /// <summary>Called with a batch that has not come back in time.</summary>
    public required Action<InFlightBatch> OnTimedOut { get; init; }

    public void HandOut()
    {
        // A turn is a batch: what waits goes behind the other models.
        if (_hasUsedTurn)
            GiveTurnBack();
        while (workers.HasFree && queue.HasTexts && thread.TryTake() && queue.CutBatch(pace.TokensOfBigBatch(now()), pace.TokensOfSmallBatch(now())) is { } batch)
        {
            var worker = workers.TakeFree();
            inFlight.Add(new InFlightBatch(batch, worker, now(), policy.PatienceFor(batch, pace, limits)), OnTimedOut);
            requests.OnSent(batch);
            worker.Actor.Tell(batch.ToMessage());
            _hasUsedTurn = true;
        }

        GiveTurnBack();
    }

    /// <summary>Once no worker has a batch of this router.</summary>
    public void GiveTurnBack()
    {
        if (!inFlight.IsEmpty)
            return;
        _hasUsedTurn = false;
        thread.GiveBack();
    }
}
