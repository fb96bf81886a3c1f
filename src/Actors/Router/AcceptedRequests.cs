using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Inference;
using Akka.Actor;

namespace ActorEmbed.Actors.Router;

/// <summary>
/// The requests of a router, each from its acceptance to its one answer. Only <see cref="Answer"/> answers one, and
/// takes it out.
/// </summary>
/// <param name="router">Whose timers tell that a deadline has passed.</param>
/// <param name="queue">Where the texts wait.</param>
/// <param name="telemetry">Counts the answers.</param>
/// <param name="now">The router's clock.</param>
internal sealed class AcceptedRequests(IWithTimers router, RequestQueue queue, RouterTelemetry telemetry, Func<TimeSpan> now)
{
    private readonly Dictionary<long, PendingRequest> _requests = [];

    /// <summary>Takes a request that has been queued.</summary>
    /// <param name="request">What was queued.</param>
    /// <param name="timeout">After this <paramref name="self"/> is told <see cref="DeadlinePassed"/>; infinite for never.</param>
    /// <param name="self">The router.</param>
    /// <param name="cancellation">When it is cancelled, <paramref name="self"/> is told <see cref="CallerGone"/>.</param>
    public void Add(PendingRequest request, TimeSpan timeout, IActorRef self, CancellationToken cancellation)
    {
        _requests.Add(request.Id, request);
        if (timeout != Timeout.InfiniteTimeSpan)
            router.Timers.StartSingleTimer(request.Id, new DeadlinePassed(request.Id, timeout), timeout);
        request.Cancellation = cancellation.UnsafeRegister(_ => self.Tell(new CallerGone(request.Id)), null);
    }

    /// <summary>Rejects a request, unless it has been answered.</summary>
    public void Reject(long requestId, EmbedRejected rejection)
    {
        if (_requests.TryGetValue(requestId, out var request))
            Answer(request, rejection);
    }

    public void RejectAll(EmbedRejected rejection)
    {
        foreach (var request in _requests.Values.ToArray())
            Answer(request, rejection);
    }

    /// <summary>Rejects everyone who waits for one text of a batch.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="place">The text's place in it.</param>
    /// <param name="cause">One sentence.</param>
    public void RejectText(Batch batch, int place, string cause)
    {
        foreach (var (request, index) in batch.WaitingAt(place))
            Reject(request.Id, new(RejectionReason.TextFailed, $"Inference failed on text {index}: {cause}") { TextIndex = index });
    }

    /// <summary>Gives a batch's results to those who wait, and answers those who have all of theirs.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="embeddings">One for each of its places.</param>
    /// <param name="maxTokens">Of the model, for those whose text was refused.</param>
    public void Complete(Batch batch, IReadOnlyList<TextEmbedding> embeddings, int? maxTokens)
    {
        for (var place = 0; place < batch.DistinctCount; place++)
        {
            foreach (var (request, index) in batch.WaitingAt(place))
            {
                if (request.IsAnswered)
                    continue;
                if (embeddings[place].IsRefused)
                    Answer(request, TooLong(index, maxTokens));
                else if (request.Complete(index, embeddings[place]))
                    Answer(request, request.ToReply(now()));
            }
        }
    }

    private void Answer(PendingRequest request, EmbedReply reply)
    {
        request.IsAnswered = true;
        _requests.Remove(request.Id);
        queue.Remove(request);
        router.Timers.Cancel(request.Id);
        request.Cancellation.Unregister();
        try
        {
            telemetry.OnAnswered(request, reply, now());
        }
        finally
        {
            // Whatever a listener of the host does: the caller gets the answer.
            request.ReplyTo.Tell(reply);
        }
    }

    private static EmbedRejected TooLong(int index, int? maxTokens) =>
        new(RejectionReason.TextTooLong, $"Text {index} has more than {maxTokens} tokens, and truncation is off.") { TextIndex = index };

    /// <summary>To the router: this request's caller has cancelled it.</summary>
    internal sealed record CallerGone(long RequestId) : INoSerializationVerificationNeeded;

    /// <summary>To the router: this request was not served in time.</summary>
    internal sealed record DeadlinePassed(long RequestId, TimeSpan Timeout) : INoSerializationVerificationNeeded;
}
