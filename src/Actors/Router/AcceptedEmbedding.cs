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
    : AcceptedInference(queued, replyTo, times, queue)
{
    public override EmbedRejected? Mismatch(ModelInfo model) => Admission.Mismatch(command, model);

    public override TextsEmbedded ToReply(ModelInfo model, TimeSpan now) => new(
        model,
        ShortVectors.Cut(Array.ConvertAll(Results, e => e.Vector), command),
        Array.ConvertAll(Results, e => e.TokenCount),
        TruncatedTexts)
    {
        WaitTime = WaitTime(now),
        InferenceTime = InferenceTime(now),
    };
}
