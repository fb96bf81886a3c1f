using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Inference;
using Akka.Actor;

namespace ActorEmbed.Actors.Router;

/// <summary>
/// The requests of a router, each from its acceptance to its one answer. Only <see cref="Settle"/> answers one,
/// and takes it out.
/// </summary>
/// <param name="router">Whose timers tell that a deadline has passed.</param>
/// <param name="telemetry">Counts the answers.</param>
/// <param name="now">The router's clock.</param>
internal sealed class AcceptedRequests(IWithTimers router, RouterTelemetry telemetry, Func<TimeSpan> now)
{
    private readonly Dictionary<long, AcceptedRequest> _requests = [];

    public int Count => _requests.Count;

    /// <summary>Takes a request that has been queued.</summary>
    /// <param name="request">What was queued.</param>
    /// <param name="timeout">After this <paramref name="self"/> is told <see cref="DeadlinePassed"/>; infinite for never.</param>
    /// <param name="self">The router.</param>
    /// <param name="cancellation">When it is cancelled, <paramref name="self"/> is told <see cref="CallerGone"/>.</param>
    public void Add(AcceptedRequest request, TimeSpan timeout, IActorRef self, CancellationToken cancellation)
    {
        _requests.Add(request.Id, request);
        if (timeout != Timeout.InfiniteTimeSpan)
            router.Timers.StartSingleTimer(request.Id, new DeadlinePassed(request.Id, timeout), timeout);
        request.Cancellation = cancellation.UnsafeRegister(_ => self.Tell(new CallerGone(request.Id)), null);
    }

    /// <summary>Answers a request, unless it has been answered.</summary>
    public void Answer(long requestId, EmbedReply reply)
    {
        if (_requests.TryGetValue(requestId, out var request))
            Settle(request, reply);
    }

    /// <summary>
    /// Another model is served than before: rejects those that it cannot serve, and answers those that have waited for
    /// nothing else.
    /// </summary>
    public void OnModel(ModelInfo model)
    {
        foreach (var request in _requests.Values.ToArray())
        {
            if (request.Mismatch(model) is { } rejection)
                Settle(request, rejection);
            else if (request is AcceptedInference { TextCount: 0 } empty)
                Settle(empty, empty.ToReply(model, now()));
        }
    }

    /// <summary>A batch is handed out: the first moment for some of its requests.</summary>
    public void OnSent(Batch batch)
    {
        var sentAt = now();
        for (var place = 0; place < batch.DistinctCount; place++)
        {
            foreach (var (queued, _) in batch.WaitingAt(place))
            {
                if (_requests.TryGetValue(queued.Id, out var request))
                    request.Times.FirstSentAt ??= sentAt;
            }
        }
    }

    public void RejectAll(EmbedRejected rejection)
    {
        foreach (var request in _requests.Values.ToArray())
            Settle(request, rejection);
    }

    /// <summary>Rejects everyone who waits for one text of a batch.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="place">The text's place in it.</param>
    /// <param name="cause">One sentence.</param>
    public void RejectText(Batch batch, int place, string cause)
    {
        foreach (var (queued, index) in batch.WaitingAt(place))
            Answer(queued.Id, new EmbedRejected(RejectionReason.TextFailed, $"Inference failed on text {index}: {cause}") { TextIndex = index });
    }

    /// <summary>Gives a batch's results to those who wait, and answers those who have all of theirs.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="embeddings">One for each of its places.</param>
    /// <param name="model">What made them.</param>
    public void Complete(Batch batch, IReadOnlyList<TextEmbedding> embeddings, ModelInfo model)
    {
        for (var place = 0; place < batch.DistinctCount; place++)
        {
            foreach (var (queued, index) in batch.WaitingAt(place))
            {
                if (!_requests.TryGetValue(queued.Id, out var accepted) || accepted is not AcceptedInference request)
                    continue;
                if (embeddings[place].IsTooLong)
                    Settle(request, request.TooLong(index, model.MaxTokens));
                else if (request.Complete(index, embeddings[place]))
                    Settle(request, request.ToReply(model, now()));
            }
        }
    }

    private void Settle(AcceptedRequest request, EmbedReply reply)
    {
        _requests.Remove(request.Id);
        request.Withdraw();
        router.Timers.Cancel(request.Id);
        request.Cancellation.Unregister();
        telemetry.OnAnswered(request, reply, now());
        request.ReplyTo.Tell(reply);
    }

    /// <summary>To the router: this request's caller has cancelled it.</summary>
    internal sealed record CallerGone(long RequestId) : INoSerializationVerificationNeeded;

    /// <summary>To the router: this request was not served in time.</summary>
    internal sealed record DeadlinePassed(long RequestId, TimeSpan Timeout) : INoSerializationVerificationNeeded;
}
