using ActorEmbed.Actors.Messages;

namespace ActorEmbed.Actors.Scheduling;

/// <summary>What is answered at once instead of being queued: what is wrong, hopeless, empty, or too much.</summary>
/// <param name="queue">Where accepted requests go.</param>
/// <param name="pace">How fast they leave.</param>
/// <param name="maxTextBytes">Largest text that a worker can be sent, in bytes of UTF-16.</param>
internal sealed class Admission(RequestQueue queue, Pace pace, long maxTextBytes)
{
    /// <summary>Null, or why the request cannot be served at all.</summary>
    public EmbedRejected? WhyInvalid(EmbedTexts command)
    {
        if (command.Timeout <= TimeSpan.Zero)
            return DeadlineExceeded("The time-out had passed on receipt.");
        for (var i = 0; i < command.Texts.Count; i++)
        {
            if (command.Texts[i] is not { } text)
                return new(RejectionReason.InvalidRequest, $"Text {i} is null.") { TextIndex = i };
            if ((long)text.Length * sizeof(char) > maxTextBytes)
                return new(RejectionReason.InvalidRequest, $"Text {i} has {text.Length} characters; this cluster's frames take {maxTextBytes / sizeof(char)} at most.") { TextIndex = i };
        }

        return null;
    }

    /// <summary>Null once the request is queued; otherwise its answer.</summary>
    public EmbedReply? TryQueue(PendingRequest request, TimeSpan timeout)
    {
        if (request.TextCount == 0)
            return request.ToReply(request.Times.AcceptedAt);
        if (pace.IsHopeless(queue.TokensUntilDone(request), timeout))
            return DeadlineExceeded($"The request cannot be served within {timeout} at the present rate.") with { RetryAfter = pace.RetryAfter(queue.QueuedTokens) };
        return queue.TryAdd(request)
            ? null
            : new EmbedRejected(RejectionReason.Overloaded, $"The queue is full: {queue.QueuedTexts} texts wait.") { RetryAfter = pace.RetryAfter(queue.QueuedTokens) };
    }

    public static EmbedRejected DeadlineExceeded(string message) => new(RejectionReason.DeadlineExceeded, message);
}
