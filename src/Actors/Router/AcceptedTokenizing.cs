using ActorEmbed.Actors.Messages;
using ActorEmbed.Inference;
using Akka.Actor;

namespace ActorEmbed.Actors.Router;

/// <summary>A request that a tokenizer serves, accepted.</summary>
/// <param name="id">Unique in its router.</param>
/// <param name="texts">How many texts it has.</param>
/// <param name="bytes">Memory of them.</param>
/// <param name="replyTo">Who asked.</param>
/// <param name="times">When what happened to it.</param>
/// <param name="tokenizations">Where it waits.</param>
internal abstract class AcceptedTokenizing(long id, int texts, long bytes, IActorRef replyTo, RequestTimes times, Tokenizations tokenizations)
    : AcceptedRequest(id, replyTo, times)
{
    public override int TextCount { get; } = texts;

    /// <summary>Memory of its texts.</summary>
    public long Bytes { get; } = bytes;

    /// <summary>Where it stands in the line, while it waits.</summary>
    public LinkedListNode<AcceptedTokenizing>? Place { get; set; }

    /// <summary>Cancelled when it is answered: a tokenizer that has it stops.</summary>
    public CancellationTokenSource Answered { get; } = new();

    /// <summary>Tokenizers that were lost with it.</summary>
    public int Losses { get; set; }

    /// <summary>What a tokenizer is sent.</summary>
    public abstract object ToMessage();

    /// <param name="model">Whose tokens they are.</param>
    /// <param name="result">What a tokenizer made of the message.</param>
    public abstract EmbedReply ToReply(ModelInfo model, object result);

    public override void Withdraw() => tokenizations.Remove(this);
}
