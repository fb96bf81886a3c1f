using ActorEmbed.Actors.Messages;
using ActorEmbed.Inference;
using Akka.Actor;

namespace ActorEmbed.Actors.Router;

/// <summary>A request from its acceptance to its one answer: who waits for it, and since when.</summary>
/// <param name="id">Unique in its router.</param>
/// <param name="replyTo">Who asked.</param>
/// <param name="times">When what happened to it.</param>
internal abstract class AcceptedRequest(long id, IActorRef replyTo, RequestTimes times)
{
    public long Id => id;

    public IActorRef ReplyTo => replyTo;

    /// <summary>When it was accepted and first handed out, for its spans and durations.</summary>
    public RequestTimes Times => times;

    public abstract int TextCount { get; }

    /// <summary>Whether its texts wait among those of small requests; null where they wait in no such lane.</summary>
    public virtual bool? IsSmall => null;

    /// <summary>Stops the notice of cancellation once the request is answered.</summary>
    public CancellationTokenRegistration Cancellation { get; set; }

    /// <summary>Null, or why this model cannot serve it.</summary>
    public abstract EmbedRejected? Mismatch(ModelInfo model);

    /// <summary>It is answered: takes it out of wherever it waits.</summary>
    public abstract void Withdraw();
}
