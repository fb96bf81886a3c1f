using System.Diagnostics.CodeAnalysis;
using ActorEmbed.Actors.Scheduling;
using Akka.Actor;

namespace ActorEmbed.Actors.Router;

/// <summary>The batches that workers have, each until it is taken out once.</summary>
/// <param name="router">Whose timers tell that a batch has not come back in time.</param>
internal sealed class InFlightBatches(IWithTimers router)
{
    private readonly Dictionary<long, InFlightBatch> _batches = [];

    /// <summary>Takes a batch that is being handed out.</summary>
    /// <param name="batch">What is handed out.</param>
    /// <param name="worker">Who gets it.</param>
    /// <param name="sentAt">On the router's clock.</param>
    /// <param name="patience">After this the router is told <see cref="BatchTimedOut"/>.</param>
    public void Add(Batch batch, Worker worker, TimeSpan sentAt, TimeSpan patience)
    {
        _batches.Add(batch.Id, new InFlightBatch(batch, worker, sentAt));
        router.Timers.StartSingleTimer(TimerKey(batch.Id), new BatchTimedOut(batch.Id), patience);
    }

    /// <summary>
    /// Takes a batch out. False when it is settled already: a batch that was given up may still come back.
    /// </summary>
    public bool TryTake(long batchId, [NotNullWhen(true)] out InFlightBatch? taken)
    {
        if (!_batches.Remove(batchId, out taken))
            return false;
        router.Timers.Cancel(TimerKey(batchId));
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

    internal sealed record BatchTimedOut(long BatchId) : INoSerializationVerificationNeeded;
}
