using System.Diagnostics.CodeAnalysis;
using ActorEmbed.Actors.Workers;

namespace ActorEmbed.Actors.Scheduling;

/// <summary>The batches that workers have, each until it is taken out once.</summary>
internal sealed class InFlightBatches
{
    private readonly Dictionary<long, InFlightBatch> _batches = [];

    public void Add(Batch batch, Worker worker, TimeSpan sentAt) => _batches.Add(batch.Id, new InFlightBatch(batch, worker, sentAt));

    /// <summary>
    /// Takes a batch out. False when it is settled already: a batch that was given up may still come back.
    /// </summary>
    public bool TryTake(long batchId, [NotNullWhen(true)] out InFlightBatch? taken) => _batches.Remove(batchId, out taken);

    /// <summary>The batches of one worker: one at most, unless it asked again in the middle.</summary>
    public long[] Of(Worker worker) => [.. _batches.Where(pair => pair.Value.Worker == worker).Select(pair => pair.Key)];

    public long[] All => [.. _batches.Keys];
}
