using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Inference;
using Akka.Actor;

namespace ActorEmbed.Actors.Router;

/// <summary>A request that takes batches of the model, and what has come back for it.</summary>
/// <param name="queued">Its texts, with the same id.</param>
/// <param name="replyTo">Who asked.</param>
/// <param name="times">When what happened to it.</param>
/// <param name="queue">Where the texts wait.</param>
internal abstract class AcceptedInference(QueuedRequest queued, IActorRef replyTo, RequestTimes times, RequestQueue queue)
    : AcceptedRequest(queued.Id, replyTo, times)
{
    private int _missing = queued.TextCount;
    private int _truncated;

    public override int TextCount => queued.TextCount;

    public override bool? IsSmall => queued.IsSmall;

    /// <summary>Memory that was granted for what comes back.</summary>
    protected long BytesOfResults => queued.BytesOfResults;

    /// <summary>What is known of each text, in order.</summary>
    protected TextEmbedding[] Results { get; } = new TextEmbedding[queued.TextCount];

    /// <summary>Indices of the texts that were cut.</summary>
    protected int[] TruncatedTexts => _truncated == 0 ? [] : [.. Enumerable.Range(0, TextCount).Where(i => Results[i].IsTruncated)];

    public override void Withdraw() => queue.Remove(queued);

    /// <summary>Takes the result of one text; true when it was the last one missing.</summary>
    public bool Complete(int index, TextEmbedding result)
    {
        Results[index] = result;
        if (result.IsTruncated)
            _truncated++;
        return --_missing == 0;
    }

    /// <param name="model">What made the results, all of which are there.</param>
    /// <param name="now">On the router's clock.</param>
    public abstract EmbedReply ToReply(ModelInfo model, TimeSpan now);

    /// <summary>A text has too many tokens, and was not to be cut.</summary>
    public virtual EmbedRejected TooLong(int index, int maxTokens) =>
        new(RejectionReason.TextTooLong, $"Text {index} has more than {maxTokens} tokens, and truncation is off.") { TextIndex = index };

    /// <summary>From receipt to the first batch.</summary>
    protected TimeSpan WaitTime(TimeSpan now) => (Times.FirstSentAt ?? now) - Times.AcceptedAt;

    /// <summary>From the first batch to the answer.</summary>
    protected TimeSpan InferenceTime(TimeSpan now) => now - (Times.FirstSentAt ?? now);
}
