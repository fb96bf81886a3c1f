using System.Diagnostics.CodeAnalysis;
using ActorEmbed.Actors.Inference;

namespace ActorEmbed.Actors.Router;

/// <summary>The batches that workers have, each until it is taken out once.</summary>
/// <param name="timers">Tell that a batch has not come back in time.</param>
internal sealed class InFlightBatches(RunTimers timers)
{
    private readonly Dictionary<long, InFlightBatch> _batches = [];

    public bool IsEmpty => _batches.Count == 0;

    /// <summary>Time after which the last of them is given up; null where there is none.</summary>
    public TimeSpan? LongestPatience => IsEmpty ? null : _batches.Values.Max(batch => batch.Patience);

    /// <summary>Takes a batch that is being handed out.</summary>
    /// <param name="batch">What is handed out, to whom, and when.</param>
    /// <param name="onTimedOut">Called with a batch that has not come back in time, and that is taken out.</param>
    public void Add(InFlightBatch batch, Action<InFlightBatch> onTimedOut)
    {
        var id = batch.Batch.Id;
        _batches.Add(id, batch);
        timers.Start(TimerKey(id), batch.Patience, () =>
        {
            if (_batches.Remove(id, out var late))
                onTimedOut(late);
        });
    }

    /// <summary>
    /// Takes a batch out. False when it is settled already: a batch that was given up may still come back.
    /// </summary>
    public bool TryTake(long batchId, [NotNullWhen(true)] out InFlightBatch? taken)
    {
        if (!_batches.Remove(batchId, out taken))
            return false;
        timers.Cancel(TimerKey(batchId));
        return true;
    }

    /// <summary>The batches of one worker: one at most, unless it asked again in the middle.</summary>
    public long[] Of(Worker worker) => [.. _batches.Where(pair => pair.Value.Worker == worker).Select(pair => pair.Key)];

    /// <summary>Gives up all of them.</summary>
    public void Clear()
    {
        foreach (var id in _batches.Keys.ToArray())
            TryTake(id, out _);
    }

    private static object TimerKey(long batchId) => ("batch", batchId);
}
