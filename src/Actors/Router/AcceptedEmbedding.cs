using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Inference;
using Akka.Actor;

namespace ActorEmbed.Actors.Router;

/// <summary>An <see cref="EmbedTexts"/> that was accepted, and what has come back for it.</summary>
/// <param name="queued">Its texts, with the same id.</param>
/// <param name="command">What was asked.</param>
/// <param name="replyTo">Who asked.</param>
/// <param name="times">When what happened to it.</param>
/// <param name="queue">Where the texts wait.</param>
internal sealed class AcceptedEmbedding(QueuedRequest queued, EmbedTexts command, IActorRef replyTo, RequestTimes times, RequestQueue queue)
    : AcceptedRequest(queued.Id, replyTo, times)
{
    private readonly TextEmbedding[] _embeddings = new TextEmbedding[queued.TextCount];
    private int _missing = queued.TextCount;
    private int _truncated;

    public override int TextCount => queued.TextCount;

    public override bool? IsSmall => queued.IsSmall;

    public override EmbedRejected? Mismatch(ModelInfo model) => Admission.Mismatch(command, model);

    public override void Withdraw() => queue.Remove(queued);

    /// <summary>Takes the result of one text; true when it was the last one missing.</summary>
    public bool Complete(int index, TextEmbedding embedding)
    {
        _embeddings[index] = embedding;
        if (embedding.IsTruncated)
            _truncated++;
        return --_missing == 0;
    }

    /// <param name="model">What made the vectors.</param>
    /// <param name="now">On the router's clock.</param>
    public TextsEmbedded ToReply(ModelInfo model, TimeSpan now) => new(
        model,
        ShortVectors.Cut(Array.ConvertAll(_embeddings, e => e.Vector), command),
        Array.ConvertAll(_embeddings, e => e.TokenCount),
        _truncated == 0 ? [] : [.. Enumerable.Range(0, TextCount).Where(i => _embeddings[i].IsTruncated)])
    {
        WaitTime = (Times.FirstSentAt ?? now) - Times.AcceptedAt,
        InferenceTime = now - (Times.FirstSentAt ?? now),
    };
}
