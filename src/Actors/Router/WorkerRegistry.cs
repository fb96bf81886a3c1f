using System.Diagnostics.CodeAnalysis;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.WorkProtocol;
using Akka.Actor;

namespace ActorEmbed.Actors.Router;

/// <summary>
/// The workers of one router, in its own process or on other nodes: who is free, who has a batch, who has to ask again
/// before it gets one. Every message of a worker may come twice or late: none of them frees a worker that has a batch,
/// or makes one free twice.
/// </summary>
internal sealed class WorkerRegistry
{
    private readonly Dictionary<IActorRef, Worker> _workers = [];
    private readonly LinkedList<Worker> _free = [];

    public IReadOnlyCollection<Worker> All => _workers.Values;

    /// <summary>Those that requests can count on.</summary>
    public int ServingCount => _workers.Values.Count(worker => worker.IsServing);

    /// <summary>Whether one of them has its model in memory.</summary>
    public bool HasLoaded => _workers.Values.Any(worker => worker.IsServing && !worker.IsModelClosed);

    /// <summary>Whether requests can count on another one.</summary>
    public bool ServesOther(Worker one) => _workers.Values.Any(worker => worker != one && worker.IsServing);

    /// <summary>Why one of them was refused, where one was.</summary>
    public string? RefusalReason => _workers.Values.FirstOrDefault(worker => worker.State == WorkerState.Refused)?.Reason;

    public bool HasFree => _free.Count > 0;

    /// <summary>The worker whose tokenizer has the least to do; null while none can take more.</summary>
    public Worker? FreeTokenizer => _workers.Values
        .Where(worker => worker.IsServing && !worker.IsModelClosed && !worker.IsTokenizerAway && worker.Tokenizing < Tokenize.MostAtOnce)
        .MinBy(worker => worker.Tokenizing);

    public bool TryGet(IActorRef actor, [NotNullWhen(true)] out Worker? worker) => _workers.TryGetValue(actor, out worker);

    /// <summary>A worker tells its model: the first time, or again.</summary>
    public Worker Announce(IActorRef actor, WorkerReady ready, TimeSpan now)
    {
        var tokenizer = ready.Tokenizer ?? actor;
        if (!_workers.TryGetValue(actor, out var worker))
            _workers.Add(actor, worker = new Worker(actor) { Model = ready.Model, Tokenizer = tokenizer });
        (worker.Model, worker.Tokenizer, worker.IsTokenizerAway) = (ready.Model, tokenizer, false);
        worker.LastSeen = now;
        // One that is leaving announces itself no more, so it was restarted; one that was asleep is awake.
        if (worker.State is WorkerState.Refused or WorkerState.Leaving || worker.IsModelClosed)
            (worker.State, worker.Reason) = (WorkerState.Announced, null);
        return worker;
    }

    /// <summary>
    /// A worker asks for work. Not heard while it has a batch: the question was asked before the batch arrived. Nor
    /// from a worker that has not announced its model: it soon will.
    /// </summary>
    public void MarkFree(IActorRef actor, TimeSpan now)
    {
        if (!_workers.TryGetValue(actor, out var worker))
            return;
        worker.LastSeen = now;
        if (worker.State is not (WorkerState.Announced or WorkerState.Suspect))
            return;
        (worker.State, worker.Reason) = (WorkerState.Free, null);
        _free.AddLast(worker);
    }

    /// <summary>The worker that has been free for the longest time; it is busy from now on.</summary>
    public Worker TakeFree()
    {
        var worker = _free.First!.Value;
        _free.RemoveFirst();
        worker.State = WorkerState.Busy;
        return worker;
    }

    /// <summary>It gets no batch until it asks for one again.</summary>
    public void MarkSuspect(Worker worker, string reason)
    {
        if (!worker.IsServing)
            return;
        _free.Remove(worker);
        (worker.State, worker.Reason) = (WorkerState.Suspect, reason);
    }

    /// <summary>A batch did not come back from it.</summary>
    public void MarkLost(Worker worker, string reason)
    {
        worker.Lost++;
        MarkSuspect(worker, reason);
    }

    /// <summary>It takes part in no further batches, at its own wish.</summary>
    public void MarkLeaving(Worker worker, string? reason)
    {
        _free.Remove(worker);
        (worker.State, worker.Reason) = (WorkerState.Leaving, reason);
    }

    /// <summary>It closes its model, and gets no batch before it has opened it again.</summary>
    public void MarkAsleep(Worker worker)
    {
        _free.Remove(worker);
        (worker.State, worker.Reason) = (WorkerState.Asleep, null);
    }

    /// <summary>It gets no batches as long as it announces this model.</summary>
    public void MarkRefused(Worker worker, string reason)
    {
        _free.Remove(worker);
        (worker.State, worker.Reason) = (WorkerState.Refused, reason);
    }

    /// <summary>It has stopped for good.</summary>
    public void Remove(Worker worker)
    {
        _free.Remove(worker);
        _workers.Remove(worker.Actor);
    }

    /// <summary>The workers on one node.</summary>
    /// <param name="node">Its address.</param>
    /// <param name="incarnation">Which of the processes that have had this address; null for any.</param>
    public Worker[] OnNode(Address node, int? incarnation) =>
        [.. _workers.Values.Where(worker => worker.Actor.Path.Address == node && (incarnation is null || (worker.Incarnation ?? incarnation) == incarnation))];
}
