using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Inference;
using Akka.Actor;

namespace ActorEmbed.Actors.Router;

/// <summary>A <see cref="RankTexts"/> that was accepted, and what has come back for it.</summary>
/// <param name="queued">Its pairs, with the same id.</param>
/// <param name="command">What was asked.</param>
/// <param name="replyTo">Who asked.</param>
/// <param name="times">When what happened to it.</param>
/// <param name="queue">Where the pairs wait.</param>
internal sealed class AcceptedRanking(QueuedRequest queued, RankTexts command, IActorRef replyTo, RequestTimes times, RequestQueue queue)
    : AcceptedInference(queued, replyTo, times, queue)
{
    public override EmbedRejected? Mismatch(ModelInfo model) => Admission.Mismatch(command, model);

    public override TextsRanked ToReply(ModelInfo model, TimeSpan now) => new(
        model,
        Array.ConvertAll(Results, e => e.Vector[0]),
        Array.ConvertAll(Results, e => e.TokenCount),
        TruncatedTexts)
    {
        WaitTime = WaitTime(now),
        InferenceTime = InferenceTime(now),
    };

    public override EmbedRejected TooLong(int index, int maxTokens) =>
        new(RejectionReason.TextTooLong, $"The query and text {index} have more than {maxTokens} tokens together, and truncation is off.") { TextIndex = index };
}
