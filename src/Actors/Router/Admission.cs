using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Inference;

namespace ActorEmbed.Actors.Router;

/// <summary>What is answered at once instead of being queued: what is wrong, hopeless, empty, or too much.</summary>
/// <param name="queue">Where accepted requests go.</param>
/// <param name="pace">How fast they leave.</param>
/// <param name="maxTextBytes">Largest text that a worker can be sent, in bytes of UTF-16 or of token ids.</param>
internal sealed class Admission(RequestQueue queue, Pace pace, long maxTextBytes)
{
    /// <summary>Null, or why the request cannot be served at all.</summary>
    /// <param name="command">What was asked.</param>
    /// <param name="model">The loaded model; null before there is one.</param>
    public EmbedRejected? WhyInvalid(EmbedTexts command, ModelInfo? model)
    {
        if (command.Texts is null)
            return new(RejectionReason.InvalidRequest, "The list of texts is null.");
        if (command.Cancellation.IsCancellationRequested)
            return EmbedRejected.Cancelled;
        if (command.Timeout <= TimeSpan.Zero && command.Timeout != Timeout.InfiniteTimeSpan)
            return DeadlineExceeded("The time-out had passed on receipt.");

        for (var i = 0; i < command.Texts.Count; i++)
        {
            if (WhyInvalid(command.Texts[i], i, model?.VocabularySize ?? int.MaxValue) is { } reason)
                return new(RejectionReason.InvalidRequest, reason) { TextIndex = i };
        }

        return null;
    }

    /// <summary>Null once the request is queued; otherwise its answer.</summary>
    public EmbedReply? TryQueue(PendingRequest request, TimeSpan timeout)
    {
        if (request.TextCount == 0)
            return request.ToReply(request.Times.AcceptedAt);
        if (IsHopeless(request, timeout))
            return DeadlineExceeded($"The request cannot be served within {timeout} at the present rate.") with { RetryAfter = pace.RetryAfter(queue.QueuedTokens) };
        return queue.TryAdd(request)
            ? null
            : new EmbedRejected(RejectionReason.Overloaded, $"The queue is full: {queue.QueuedTexts} texts wait.") { RetryAfter = pace.RetryAfter(queue.QueuedTokens) };
    }

    public static EmbedRejected DeadlineExceeded(string message) => new(RejectionReason.DeadlineExceeded, message);

    private string? WhyInvalid(EmbeddingInput text, int index, int vocabularySize)
    {
        if (text.IsNull)
            return $"Text {index} is null.";
        if (TextWeight.BytesOf(text) > maxTextBytes)
            return text.TokenIds is { } tooMany
                ? $"Text {index} has {tooMany.Length} token ids; this cluster's frames take {maxTextBytes / sizeof(int)} at most."
                : $"Text {index} has {text.Text!.Length} characters; this cluster's frames take {maxTextBytes / sizeof(char)} at most.";
        return text.TokenIds is { } ids && ids.AsSpan().IndexOfAnyExceptInRange(0, vocabularySize - 1) is >= 0 and var at
            ? $"Token id {ids[at]} of text {index} is not in the vocabulary, which has {vocabularySize} ids from 0."
            : null;
    }

    private bool IsHopeless(PendingRequest request, TimeSpan timeout)
    {
        if (timeout == Timeout.InfiniteTimeSpan)
            return false;
        var batches = queue.BatchesUntilDone(request);
        // Looking for equal texts takes time, so only where it can matter.
        return pace.IsHopeless(batches, request.UnsentTokens, timeout) && pace.IsHopeless(batches, request.DistinctTokens(), timeout);
    }
}
