using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Actors.WorkProtocol;
using ActorEmbed.Inference;
using Akka.Actor;

namespace ActorEmbed.Actors.Router;

/// <summary>A <see cref="TokenizeTexts"/> that was accepted.</summary>
/// <inheritdoc cref="AcceptedTokenizing" />
internal sealed class AcceptedTokenize(long id, TokenizeTexts command, IActorRef replyTo, RequestTimes times, Tokenizations tokenizations)
    : AcceptedTokenizing(id, command.Texts.Count, command.Texts.Sum(TextWeight.BytesOf), replyTo, times, tokenizations)
{
    public override EmbedRejected? Mismatch(ModelInfo model) => Admission.Mismatch(command, model);

    public override object ToMessage() => new Tokenize(command.Texts) { Prompt = command.Prompt, Cancellation = Answered.Token };

    public override EmbedReply ToReply(ModelInfo model, object result)
    {
        var tokenized = (Tokenized)result;
        return new TextsTokenized(model, tokenized.Texts, tokenized.Pieces)
        {
            Prompt = model.Prompts.TryFind(command.Prompt, out var prompt, out _) && prompt is not null ? prompt.Text : "",
        };
    }
}
