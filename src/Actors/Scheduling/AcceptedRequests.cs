using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Telemetry;
using Akka.Actor;

namespace ActorEmbed.Actors.Scheduling;

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
    /// <param name="timeout">After this <paramref name="self"/> is told <see cref="DeadlinePassed"/>.</param>
    /// <param name="self">The router.</param>
    /// <param name="cancellation">When it is cancelled, <paramref name="self"/> is told <see cref="CallerGone"/>.</param>
    public void Add(PendingRequest request, TimeSpan timeout, IActorRef self, CancellationToken cancellation)
    {
        _requests.Add(request.Id, request);
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

    public void Answer(PendingRequest request, EmbedReply reply)
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

    internal sealed record CallerGone(long RequestId) : INoSerializationVerificationNeeded;

    internal sealed record DeadlinePassed(long RequestId, TimeSpan Timeout) : INoSerializationVerificationNeeded;
}
