using ActorEmbed.Actors.Messages;
using ActorEmbed.Inference;
using Akka.Actor;

namespace ActorEmbed.Actors.Scheduling;

/// <summary>An accepted request: what has been handed out, what has come back, and who waits for it.</summary>
internal sealed class PendingRequest(long id, EmbedTexts command, IActorRef replyTo)
{
    private readonly TextEmbedding[] _embeddings = new TextEmbedding[command.Texts.Count];
    private int _missing = command.Texts.Count;
    private int _next;

    public long Id => id;

    public IActorRef ReplyTo => replyTo;

    public bool Normalize => command.Normalize;

    /// <summary>Where it stands in the queue, while it has unsent texts.</summary>
    public LinkedListNode<PendingRequest>? Place { get; set; }

    /// <summary>Stops the notice of cancellation once the request is answered.</summary>
    public CancellationTokenRegistration Cancellation { get; set; }

    /// <summary>Whether it has been answered, one way or the other; what still comes back for it is dropped.</summary>
    public bool IsAnswered { get; set; }

    /// <summary>Whether some text has not been handed to a batch yet.</summary>
    public bool HasUnsentTexts => _next < command.Texts.Count;

    /// <summary>Texts that have not been handed to a batch yet.</summary>
    public int UnsentTexts => command.Texts.Count - _next;

    /// <summary>Memory of the unsent texts, in bytes.</summary>
    public long UnsentBytes { get; private set; } = command.Texts.Sum(BytesOf);

    /// <summary>The text that <see cref="TakeNext"/> would hand out.</summary>
    public string PeekNext() => command.Texts[_next];

    public string TextAt(int index) => command.Texts[index];

    /// <summary>Hands out the next text: its index.</summary>
    public int TakeNext()
    {
        UnsentBytes -= BytesOf(command.Texts[_next]);
        return _next++;
    }

    /// <summary>Takes the result of one text; true when it was the last one missing.</summary>
    public bool Complete(int index, TextEmbedding embedding)
    {
        _embeddings[index] = embedding;
        return --_missing == 0;
    }

    public TextsEmbedded ToReply() => new(
        Array.ConvertAll(_embeddings, e => e.Vector),
        _embeddings.Sum(e => e.TokenCount),
        _embeddings.Count(e => e.IsTruncated));

    public static long BytesOf(string text) => (long)text.Length * sizeof(char);
}
