namespace ActorEmbed.Actors.Scheduling;

/// <summary>
/// When a text has its turn that costs more than a full batch, and that nothing can interrupt: at once where nothing else
/// waits; otherwise when those that wait with it have had as much as it costs since it was passed over first. So whoever
/// sends long texts gets his share of the time and not of the batches, and everybody else as well.
/// </summary>
/// <param name="limits">Of a batch.</param>
internal sealed class LongTextTurns(BatchLimits limits)
{
    private long _cutOfOthers;

    /// <summary>Takes notice of a batch that was cut.</summary>
    public void OnCut(Batch batch)
    {
        if (batch.Cost <= limits.Tokens)
            _cutOfOthers += batch.Cost;
    }

    /// <summary>Puts first in a lane whose turn it is.</summary>
    /// <param name="lane">Requests in the order of their turns.</param>
    /// <param name="othersWait">Whether texts wait elsewhere that are not long.</param>
    /// <returns>False where the lane has only long texts, and others come before them.</returns>
    public bool TryBringForward(LinkedList<QueuedRequest> lane, bool othersWait)
    {
        if (lane.Count == 0)
            return false;
        othersWait = othersWait || lane.Any(request => !NextIsLong(request));
        var next = lane.First;
        while (next is not null && othersWait && MustWait(next.Value))
            next = next.Next;
        if (next is null)
            return false;

        next.Value.PassedOverAt = null;
        lane.Remove(next);
        lane.AddFirst(next);
        return true;
    }

    private bool NextIsLong(QueuedRequest request) => request.CostAt(request.NextIndex) > limits.Tokens;

    private bool MustWait(QueuedRequest request)
    {
        if (!NextIsLong(request))
            return false;
        request.PassedOverAt ??= _cutOfOthers;
        return _cutOfOthers - request.PassedOverAt < request.CostAt(request.NextIndex);
    }
}
