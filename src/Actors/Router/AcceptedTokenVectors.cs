using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Inference;
using Akka.Actor;

namespace ActorEmbed.Actors.Router;

/// <summary>An <see cref="EmbedTokens"/> that was accepted, and what has come back for it.</summary>
/// <param name="queued">Its texts, with the same id, and the memory that their vectors may take.</param>
/// <param name="command">What was asked.</param>
/// <param name="replyTo">Who asked.</param>
/// <param name="times">When what happened to it.</param>
/// <param name="queue">Where the texts wait.</param>
internal sealed class AcceptedTokenVectors(QueuedRequest queued, EmbedTokens command, IActorRef replyTo, RequestTimes times, RequestQueue queue)
    : AcceptedInference(queued, replyTo, times, queue)
{
    // The model is there now, and the next request is counted right.
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>What came before the model was counted for one of the usual size, and may turn out to be more than was granted.</summary>
    public override EmbedRejected? Mismatch(ModelInfo model) =>
        Admission.Mismatch(command, model) ?? (TextWeight.MostBytesOfTokenVectors(command.Texts, command.Prompt, model) > BytesOfResults ? GrantedTooLittle() : null);

    public override TokensEmbedded ToReply(ModelInfo model, TimeSpan now) => new(
        model,
        Array.ConvertAll(Results, e => e.Vector),
        Array.ConvertAll(Results, e => e.TokenCount),
        TruncatedTexts)
    {
        WaitTime = WaitTime(now),
        InferenceTime = InferenceTime(now),
    };

    private static EmbedRejected GrantedTooLittle() =>
        new(RejectionReason.Overloaded, "The vectors take more memory than was counted before the model was loaded. Send the request once more.") { RetryAfter = RetryAfter };
}
