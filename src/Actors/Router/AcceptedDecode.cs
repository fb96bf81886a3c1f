using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.WorkProtocol;
using ActorEmbed.Inference;
using Akka.Actor;

namespace ActorEmbed.Actors.Router;

/// <summary>A <see cref="DecodeTokens"/> that was accepted.</summary>
/// <inheritdoc cref="AcceptedTokenizing" />
internal sealed class AcceptedDecode(long id, DecodeTokens command, IActorRef replyTo, RequestTimes times, Tokenizations tokenizations)
    : AcceptedTokenizing(id, command.Texts.Count, command.Texts.Sum(ids => (long)ids.Length * sizeof(int)), replyTo, times, tokenizations)
{
    public override EmbedRejected? Mismatch(ModelInfo model) => Admission.Mismatch(command, model);

    public override object ToMessage() => new Decode(command.Texts, command.SkipsSpecialTokens) { Cancellation = Answered.Token };

    public override EmbedReply ToReply(ModelInfo model, object result) => new TokensDecoded(model, ((Decoded)result).Texts);
}
