using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Telemetry;
using ActorEmbed.Inference;
using Akka.Actor;

namespace ActorEmbed.Actors.Scheduling;

/// <summary>
/// The accepted requests, each from its acceptance to the one answer that it gets: <see cref="Answer"/> is the only
/// place that answers one.
/// </summary>
/// <param name="queue">Where what is left of an answered request is dropped.</param>
/// <param name="telemetry">Counts the answers.</param>
/// <param name="time">The router's clock.</param>
/// <param name="timers">The router's timers, for the deadlines.</param>
/// <param name="router">Is told of passed deadlines (<see cref="DeadlinePassed"/>) and of callers that have gone (<see cref="CallerGone"/>).</param>
internal sealed class AcceptedRequests(RequestQueue queue, RouterTelemetry telemetry, TimeProvider time, ITimerScheduler timers, IActorRef router)
{
    private readonly Dictionary<long, PendingRequest> _requests = [];

    public void Add(PendingRequest request, TimeSpan timeout, CancellationToken cancellation)
    {
        _requests.Add(request.Id, request);
        timers.StartSingleTimer(request.Id, new DeadlinePassed(request.Id, timeout), timeout);
        request.Cancellation = cancellation.UnsafeRegister(_ => router.Tell(new CallerGone(request.Id)), null);
    }

    /// <summary>Rejects a request, unless it has been answered.</summary>
    public void Reject(long id, EmbedRejected rejection)
    {
        if (!_requests.TryGetValue(id, out var request))
            return;
        queue.Remove(request);
        Answer(request, rejection);
    }

    public void RejectAll(EmbedRejected rejection)
    {
        foreach (var id in _requests.Keys.ToArray())
            Reject(id, rejection);
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
    public void Complete(Batch batch, IReadOnlyList<TextEmbedding> embeddings)
    {
        for (var place = 0; place < batch.DistinctCount; place++)
        {
            foreach (var (request, index) in batch.WaitingAt(place))
            {
                if (!request.IsAnswered && request.Complete(index, embeddings[place]))
                    Answer(request, request.ToReply(time.GetUtcNow()));
            }
        }
    }

    private void Answer(PendingRequest request, EmbedReply reply)
    {
        request.IsAnswered = true;
        _requests.Remove(request.Id);
        timers.Cancel(request.Id);
        request.Cancellation.Unregister();
        telemetry.OnAnswered(request, reply, time.GetUtcNow());
        request.ReplyTo.Tell(reply);
    }

    /// <summary>To the router: this request's caller has cancelled it.</summary>
    internal sealed record CallerGone(long RequestId) : INoSerializationVerificationNeeded;

    /// <summary>To the router: this request was not served in time.</summary>
    internal sealed record DeadlinePassed(long RequestId, TimeSpan Timeout) : INoSerializationVerificationNeeded;
}
