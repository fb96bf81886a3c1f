using ActorEmbed.Actors.Inference;
using ActorEmbed.Actors.Scheduling;
using Akka.Actor;

namespace ActorEmbed.Actors.Router;

/// <summary>
/// The requests of a router that tokenizers serve: those that wait, in order of arrival, and the few that a tokenizer has. One that
/// was lost with its tokenizer is put back, before the others, but not for ever.
/// </summary>
/// <param name="timers">Tell that tokens have not come back in time.</param>
/// <param name="room">The bounds of all that waits.</param>
/// <param name="patience">Time after which a tokenizer that has not answered counts as lost.</param>
/// <param name="firstAttempt">Ids count up from here.</param>
internal sealed class Tokenizations(RunTimers timers, QueueRoom room, TimeSpan patience, long firstAttempt)
{
    // A text that takes its tokenizer down is not tried for ever.
    private const int MostLosses = 2;

    private readonly LinkedList<AcceptedTokenizing> _waiting = [];
    private readonly Dictionary<long, Attempt> _running = [];
    private long _nextAttempt = firstAttempt;

    /// <summary>Requests that no tokenizer has.</summary>
    public int WaitingRequests => _waiting.Count;

    /// <summary>Whether none waits, and no tokenizer has one, not even for a caller that has gone.</summary>
    public bool IsEmpty => _waiting.Count == 0 && _running.Count == 0;

    /// <summary>False when the request does not fit.</summary>
    public bool TryAdd(AcceptedTokenizing request)
    {
        if (!room.Has(request.TextCount, request.Bytes))
            return false;
        room.Take(texts: 0, request.Bytes);
        Wait(request, _waiting.AddLast(request));
        return true;
    }

    /// <summary>Drops a request that has been answered. A tokenizer that has it is told to stop, and is free when it has.</summary>
    public void Remove(AcceptedTokenizing request)
    {
        room.GiveBack(texts: 0, request.Bytes);
        TakeOut(request);
        request.Answered.Cancel();
        request.Answered.Dispose();
    }

    /// <summary>Hands out what waits, as far as tokenizers are free.</summary>
    /// <param name="workers">Whose tokenizers.</param>
    /// <param name="self">The router; it is told <see cref="Ended"/>.</param>
    /// <param name="now">On the router's clock.</param>
    /// <param name="onLost">Called with the attempt whose tokenizer has not answered in time.</param>
    public void Dispatch(WorkerRegistry workers, IActorRef self, TimeSpan now, Action<long> onLost)
    {
        while (_waiting.First is { Value: var request } && workers.FreeTokenizer is { } worker)
        {
            TakeOut(request);
            var attempt = new Attempt(_nextAttempt++, request, worker);
            _running.Add(attempt.Id, attempt);
            worker.Tokenizing++;
            request.Times.FirstSentAt ??= now;
            timers.Start(attempt.TimerKey, patience, () => onLost(attempt.Id));
            worker.Tokenizer.Ask<object>(request.ToMessage(), Timeout.InfiniteTimeSpan, attempt.Over.Token)
                .PipeTo(self, self, reply => new Ended(attempt.Id, reply), _ => new Ended(attempt.Id, Reply: null));
        }
    }

    /// <summary>A tokenizer has answered, and is free again. Null when the attempt was settled before.</summary>
    public AcceptedTokenizing? Take(long attemptId)
    {
        if (!_running.Remove(attemptId, out var attempt))
            return null;
        attempt.Worker.Tokenizing--;
        timers.Cancel(attempt.TimerKey);
        attempt.Over.Cancel();
        attempt.Over.Dispose();
        return attempt.Request;
    }

    /// <summary>A tokenizer says that it is not there for now: it gets no more until its worker announces itself again.</summary>
    public void PutBackFromAway(long attemptId)
    {
        if (!_running.TryGetValue(attemptId, out var attempt))
            return;
        attempt.Worker.IsTokenizerAway = true;
        Take(attemptId);
        PutBack(attempt.Request);
    }

    /// <summary>Puts back what a worker had; what has been lost too often is given to the caller, to reject it.</summary>
    public IReadOnlyList<AcceptedTokenizing> Lose(Worker worker)
    {
        var lost = _running.Values.Where(attempt => attempt.Worker == worker).Select(attempt => attempt.Id).ToArray();
        return [.. lost.Select(Take).OfType<AcceptedTokenizing>().Where(request => !TryPutBack(request))];
    }

    /// <summary>False when it has been lost too often.</summary>
    public bool TryPutBack(AcceptedTokenizing request)
    {
        if (++request.Losses >= MostLosses)
            return request.Answered.IsCancellationRequested;
        PutBack(request);
        return true;
    }

    /// <summary>Waits for no tokenizer any more; every request has been answered.</summary>
    public void Clear()
    {
        foreach (var id in _running.Keys.ToArray())
            Take(id);
    }

    private void PutBack(AcceptedTokenizing request)
    {
        // Before all others: it has waited for its turn already.
        if (!request.Answered.IsCancellationRequested)
            Wait(request, _waiting.AddFirst(request));
    }

    private void Wait(AcceptedTokenizing request, LinkedListNode<AcceptedTokenizing> place)
    {
        request.Place = place;
        room.Take(request.TextCount, bytes: 0);
    }

    private void TakeOut(AcceptedTokenizing request)
    {
        if (request.Place is not { } place)
            return;
        _waiting.Remove(place);
        request.Place = null;
        room.GiveBack(request.TextCount, bytes: 0);
    }

    /// <summary>To the router: a tokenizer has answered; null when it did not.</summary>
    internal sealed record Ended(long AttemptId, object? Reply) : INoSerializationVerificationNeeded;

    private sealed record Attempt(long Id, AcceptedTokenizing Request, Worker Worker)
    {
        /// <summary>Ends the wait for the answer.</summary>
        public CancellationTokenSource Over { get; } = new();

        public object TimerKey => ("tokenize", Id);
    }
}
