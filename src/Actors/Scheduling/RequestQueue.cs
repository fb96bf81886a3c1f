namespace ActorEmbed.Actors.Scheduling;

/// <summary>
/// What waits, and where a batch is cut. Bounded in texts and bytes.
/// <para>Three lanes take turns, a batch each, as far as they have something: small requests in order of arrival; big
/// requests round robin, a batch a turn; texts of failed batches, each alone. So a small request waits for the batch
/// in flight and perhaps one more, however much a big one has queued; no request starves; and equal big requests
/// progress alike. A text that costs more than a batch waits until the others have had as much
/// (<see cref="LongTextTurns"/>).</para>
/// </summary>
/// <param name="limits">Of a batch, and of the queue.</param>
/// <param name="firstBatchId">Ids count up from here.</param>
/// <param name="maxBatchBytes">Most memory of a batch's texts, in bytes of UTF-16, unless one alone has more.</param>
internal sealed class RequestQueue(BatchLimits limits, long firstBatchId = 0, long maxBatchBytes = long.MaxValue)
{
    // A request is small when eight like it fit into a batch: then batches of small ones still fill under load.
    private const int SmallInBatch = 8;

    private readonly LinkedList<QueuedRequest> _small = [];
    private readonly LinkedList<QueuedRequest> _big = [];
    private readonly Queue<(IReadOnlyList<BatchItem> Items, int Losses)> _alone = [];
    private readonly Queue<(IReadOnlyList<BatchItem> Items, int Losses)> _returned = [];
    private readonly LongTextTurns _longTexts = new(limits);
    private Lane _lastLane = Lane.Big;
    private int _lastSmallTokens;
    private int _unsentSmallTexts;
    private long _nextBatchId = firstBatchId;

    private enum Lane
    {
        Small,
        Big,
        Alone,
    }

    /// <summary>What is left of the queue's bounds; others that wait take from it too.</summary>
    public QueueRoom Room { get; } = new(limits.Options);

    /// <summary>What all that waits costs, in tokens of short texts.</summary>
    public long QueuedCost { get; private set; }

    /// <summary>Whether there may be a batch to cut.</summary>
    public bool HasTexts => QueuedCost > 0;

    public int QueuedRequests => _small.Count + _big.Count;

    /// <summary>False when the request does not fit; it is then not queued, not even in part.</summary>
    public bool TryAdd(QueuedRequest request)
    {
        if (!Room.Has(request.UnsentTexts, request.Bytes))
            return false;

        var isSmall = IsSmall(request);
        var lane = isSmall ? _small : _big;
        request.IsSmall = isSmall;
        Count(lane, request.UnsentTexts, request.UnsentCost);
        Room.Take(texts: 0, request.Bytes);
        request.Place = lane.AddLast(request);
        return true;
    }

    public bool IsSmall(QueuedRequest request) =>
        request.TextCount * SmallInBatch <= limits.Texts && request.UnsentCost * SmallInBatch <= limits.Tokens;

    /// <summary>
    /// Batches that certainly come back before the last text of this request does: its own, and for a small request those
    /// of the small ones before it.
    /// </summary>
    public double BatchesUntilDone(QueuedRequest request)
    {
        var texts = IsSmall(request) ? _unsentSmallTexts + request.UnsentTexts : request.UnsentTexts;
        return (double)texts / limits.Texts;
    }

    /// <summary>Queues a text of a failed batch again, for a batch of its own: only the culprit may fail.</summary>
    /// <param name="waiting">Everyone who waits for that one text.</param>
    /// <param name="losses">Workers that were lost with it so far.</param>
    public void AddAlone(IEnumerable<BatchItem> waiting, int losses = 0) => AddAgain(_alone, waiting, losses);

    /// <summary>Puts back, before everything else, what was lost with its worker.</summary>
    public void PutBack(Batch lost) => AddAgain(_returned, lost.Items, lost.Losses + 1);

    /// <summary>Drops a request that has been answered, and what is left of it.</summary>
    public void Remove(QueuedRequest request)
    {
        request.IsAnswered = true;
        Room.GiveBack(texts: 0, request.Bytes);
        // Its texts that have been in a batch before are skipped when their turn comes: they are few.
        if (request.Place is not { List: { } lane } place)
            return;
        lane.Remove(place);
        Count(lane, -request.UnsentTexts, -request.UnsentCost);
    }

    /// <summary>Drops what waits to be tried again, once every request has been answered.</summary>
    public void Clear()
    {
        // Nobody waits for them any more, so no batch comes out.
        CutAgain(_alone);
        CutAgain(_returned);
    }

    /// <summary>The next batch, or null when nothing waits.</summary>
    /// <param name="bigTokens">
    /// Tokens of a batch of big requests: fewer than <see cref="BatchLimits.Tokens"/> keep it short
    /// for the small ones that may come.
    /// </param>
    /// <param name="smallTokens">The same for a batch of small requests.</param>
    public Batch? CutBatch(int bigTokens, int smallTokens = int.MaxValue)
    {
        // It has waited for its turn already.
        if (CutAgain(_returned) is { } again)
            return again;
        for (var turn = 1; turn <= 3; turn++)
        {
            var lane = (Lane)(((int)_lastLane + turn) % 3);
            if (Cut(lane, bigTokens, smallTokens) is not { ItemCount: > 0 } batch)
                continue;
            _lastLane = lane;
            _lastSmallTokens = lane == Lane.Small ? batch.Cost : 0;
            _longTexts.OnCut(batch);
            return batch;
        }

        return null;
    }

    private Batch? Cut(Lane lane, int bigTokens, int smallTokens) => lane switch
    {
        Lane.Small => CutFrom(_small, Math.Min(smallTokens, limits.Tokens)),
        // After a batch of small requests, the big ones get no less than those had.
        Lane.Big => _longTexts.TryBringForward(_big, othersWait: _small.Count > 0) ? CutFrom(_big, Math.Max(bigTokens, _lastSmallTokens)) : null,
        _ => CutAgain(_alone),
    };

    private Batch? CutFrom(LinkedList<QueuedRequest> lane, int maxTokens)
    {
        if (lane.Count == 0)
            return null;
        var batch = new Batch(_nextBatchId++);
        var bytes = 0L;
        var opener = lane.First!.Value;
        while (batch.ItemCount < limits.Texts && lane.First is { Value: var request } node)
        {
            var item = new BatchItem(request, request.NextIndex);
            bytes += request.BytesOf(item.Index);
            if (batch.ItemCount > 0 && (bytes > maxBatchBytes || batch.Cost + batch.AddedCost(item) > maxTokens))
                break;

            batch.Add(item);
            Count(lane, -1, -request.CostAt(item.Index));
            request.TakeNext();
            if (request.UnsentTexts == 0)
                lane.Remove(node);
        }

        // It has had its turn; what it has left waits for the next one.
        if (lane == _big && opener.UnsentTexts > 0)
        {
            lane.Remove(opener.Place!);
            lane.AddLast(opener.Place!);
        }

        return batch;
    }

    private Batch? CutAgain(Queue<(IReadOnlyList<BatchItem> Items, int Losses)> lane)
    {
        while (lane.TryDequeue(out var waiting))
        {
            Count(waiting.Items, -1);
            var batch = new Batch(_nextBatchId++) { Losses = waiting.Losses };
            foreach (var item in waiting.Items.Where(item => !item.Request.IsAnswered))
                batch.Add(item);
            if (batch.ItemCount > 0)
                return batch;
        }

        return null;
    }

    private void AddAgain(Queue<(IReadOnlyList<BatchItem> Items, int Losses)> lane, IEnumerable<BatchItem> waiting, int losses)
    {
        BatchItem[] unanswered = [.. waiting.Where(item => !item.Request.IsAnswered)];
        if (unanswered.Length == 0)
            return;
        lane.Enqueue((unanswered, losses));
        Count(unanswered, +1);
    }

    private void Count(LinkedList<QueuedRequest> lane, int texts, long cost)
    {
        Room.Take(texts, bytes: 0);
        QueuedCost += cost;
        if (lane == _small)
            _unsentSmallTexts += texts;
    }

    private void Count(IReadOnlyList<BatchItem> items, int sign)
    {
        foreach (var (request, index) in items)
        {
            Room.Take(sign, bytes: 0);
            QueuedCost += sign * request.CostAt(index);
        }
    }
}
