using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.WorkProtocol;
using ActorEmbed.Inference;
using Akka.Actor;

namespace ActorEmbed.Actors.Scheduling;

/// <summary>An accepted request: what has been handed out, what has come back, and who waits for it.</summary>
internal sealed class PendingRequest
{
    private readonly EmbedTexts _command;
    private readonly int[] _weights;
    private readonly TextEmbedding[] _embeddings;
    private int _missing;
    private int _next;

    /// <param name="id">Unique in its router.</param>
    /// <param name="command">What was asked.</param>
    /// <param name="replyTo">Who asked.</param>
    /// <param name="maxTokensPerText">Where the model truncates.</param>
    public PendingRequest(long id, EmbedTexts command, IActorRef replyTo, int maxTokensPerText = TextWeight.DefaultMaxTokens)
    {
        Id = id;
        ReplyTo = replyTo;
        _command = command;
        _missing = command.Texts.Count;
        _embeddings = new TextEmbedding[command.Texts.Count];
        _weights = new int[command.Texts.Count];
        for (var i = 0; i < _weights.Length; i++)
        {
            UnsentTokens += _weights[i] = TextWeight.Estimate(command.Texts[i], maxTokensPerText);
            Bytes += TextWeight.BytesOf(command.Texts[i]);
        }
    }

    public long Id { get; }

    public IActorRef ReplyTo { get; }

    public int TextCount => _command.Texts.Count;

    /// <summary>Where it stands in the queue, while it has unsent texts.</summary>
    public LinkedListNode<PendingRequest>? Place { get; set; }

    /// <summary>Stops the notice of cancellation once the request is answered.</summary>
    public CancellationTokenRegistration Cancellation { get; set; }

    /// <summary>When what happened to it, for its spans and durations.</summary>
    public required RequestTimes Times { get; init; }

    /// <summary>Whether it has been answered, one way or the other; what still comes back for it is dropped.</summary>
    public bool IsAnswered { get; set; }

    /// <summary>Texts that have not been handed to a batch yet.</summary>
    public int UnsentTexts => TextCount - _next;

    /// <summary>Their tokens, estimated.</summary>
    public long UnsentTokens { get; private set; }

    /// <summary>Memory of all its texts, in bytes.</summary>
    public long Bytes { get; }

    /// <summary>Index of the text that the next batch takes.</summary>
    public int NextIndex => _next;

    public BatchText TextAt(int index) => new(_command.Texts[index] with { MustFit = !_command.Truncate }, _command.Normalize);

    /// <summary>Tokens of one text, estimated.</summary>
    public int WeightAt(int index) => _weights[index];

    /// <summary>Memory of one text, in bytes.</summary>
    public long BytesOf(int index) => TextWeight.BytesOf(_command.Texts[index]);

    /// <summary>Tokens of all its different texts, estimated: equal ones in a batch are computed once.</summary>
    public long DistinctTokens() => Enumerable.Range(0, TextCount).DistinctBy(i => _command.Texts[i]).Sum(i => (long)_weights[i]);

    /// <summary>Counts the next text as handed out.</summary>
    public void TakeNext()
    {
        UnsentTokens -= _weights[_next];
        _next++;
    }

    /// <summary>Takes the result of one text; true when it was the last one missing.</summary>
    public bool Complete(int index, TextEmbedding embedding)
    {
        _embeddings[index] = embedding;
        return --_missing == 0;
    }

    public TextsEmbedded ToReply(TimeSpan now) => new(
        Array.ConvertAll(_embeddings, e => e.Vector),
        Array.ConvertAll(_embeddings, e => e.TokenCount),
        [.. Enumerable.Range(0, TextCount).Where(i => _embeddings[i].IsTruncated)])
    {
        WaitTime = (Times.FirstSentAt ?? now) - Times.AcceptedAt,
        InferenceTime = now - (Times.FirstSentAt ?? now),
    };
}
