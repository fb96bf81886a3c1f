using ActorEmbed.Actors.Messages;

namespace ActorEmbed.Actors.Scheduling;

/// <summary>
/// What waits, and where a batch is cut. Bounded in texts and bytes. The turns are fair between requests, whatever
/// their size: a new request's first text goes ahead (at most half a batch of such texts while others wait), the
/// rest goes round robin, one text a turn. So no one waits for a big request to finish, and no one starves.
/// </summary>
internal sealed class RequestQueue(SchedulingOptions options)
{
    private readonly LinkedList<PendingRequest> _new = [];
    private readonly LinkedList<PendingRequest> _started = [];
    private readonly Queue<IReadOnlyList<BatchItem>> _alone = [];
    private bool _lastWasAlone;
    private long _batchesCut;

    /// <summary>Where the model truncates: no text weighs more tokens.</summary>
    public int MaxTokensPerText { get; set; } = int.MaxValue / sizeof(long);

    public int QueuedTexts { get; private set; }

    public long QueuedBytes { get; private set; }

    public int QueuedRequests => _new.Count + _started.Count;

    /// <summary>False when the request does not fit; it is then not queued, not even in part.</summary>
    public bool TryAdd(PendingRequest request)
    {
        if (QueuedTexts + request.UnsentTexts > options.MaxQueuedTexts ||
            QueuedBytes + request.UnsentBytes > options.MaxQueuedBytes)
            return false;

        QueuedTexts += request.UnsentTexts;
        QueuedBytes += request.UnsentBytes;
        request.Place = _new.AddLast(request);
        return true;
    }

    /// <summary>Queues a text of a failed batch again, for a batch of its own: only the culprit may fail.</summary>
    /// <param name="waiting">Everyone who waits for that one text.</param>
    public void AddAlone(IReadOnlyList<BatchItem> waiting)
    {
        _alone.Enqueue(waiting);
        Count(waiting, +1);
    }

    /// <summary>Drops what is left of a request that has been answered.</summary>
    public void Remove(PendingRequest request)
    {
        // Its texts in the lane for lone ones are skipped when their turn comes: they are few.
        if (request.Place is not { List: { } lane } place)
            return;
        lane.Remove(place);
        QueuedTexts -= request.UnsentTexts;
        QueuedBytes -= request.UnsentBytes;
    }

    /// <summary>Drops everything, once every request has been answered.</summary>
    public void Clear()
    {
        _new.Clear();
        _started.Clear();
        _alone.Clear();
        QueuedTexts = 0;
        QueuedBytes = 0;
    }

    /// <summary>The next batch, or null when nothing waits.</summary>
    public Batch? CutBatch()
    {
        // Lone texts take turns with full batches, so that a bad batch does not hold up everyone else.
        var batch = _lastWasAlone && QueuedRequests > 0 ? null : CutLone();
        _lastWasAlone = batch is not null;
        return batch ?? CutShared();
    }

    private Batch? CutLone()
    {
        while (_alone.TryDequeue(out var waiting))
        {
            Count(waiting, -1);
            var batch = new Batch(_batchesCut++);
            foreach (var item in waiting.Where(item => !item.Request.IsAnswered))
                batch.Add(item);
            if (batch.ItemCount > 0)
                return batch;
        }

        return null;
    }

    private Batch? CutShared()
    {
        if (QueuedRequests == 0)
            return null;

        var batch = new Batch(_batchesCut++);
        var tokens = 0;
        var forNew = _started.Count == 0 ? options.MaxTextsPerBatch : Math.Max(1, options.MaxTextsPerBatch / 2);
        while (batch.ItemCount < forNew && TakeTurn(_new, batch, ref tokens)) { }
        while (batch.ItemCount < options.MaxTextsPerBatch && TakeTurn(_started, batch, ref tokens)) { }
        while (batch.ItemCount < options.MaxTextsPerBatch && TakeTurn(_new, batch, ref tokens)) { }
        return batch;
    }

    /// <summary>Moves one text of the first request to the batch; false when there is none or it does not fit.</summary>
    private bool TakeTurn(LinkedList<PendingRequest> lane, Batch batch, ref int tokens)
    {
        if (lane.First is not { Value: var request } node)
            return false;
        var text = new BatchText(request.PeekNext(), request.Normalize);
        var weight = batch.Contains(text) ? 0 : TextWeight.Estimate(text.Text, MaxTokensPerText);
        if (batch.ItemCount > 0 && tokens + weight > options.MaxTokensPerBatch)
            return false;

        tokens += weight;
        lane.Remove(node);
        var bytesBefore = request.UnsentBytes;
        batch.Add(new BatchItem(request, request.TakeNext()));
        QueuedTexts--;
        QueuedBytes -= bytesBefore - request.UnsentBytes;
        if (request.HasUnsentTexts)
            request.Place = _started.AddLast(request);
        return true;
    }

    private void Count(IReadOnlyList<BatchItem> items, int sign)
    {
        QueuedTexts += sign * items.Count;
        QueuedBytes += sign * items.Sum(item => PendingRequest.BytesOf(item.Request.TextAt(item.Index)));
    }
}
