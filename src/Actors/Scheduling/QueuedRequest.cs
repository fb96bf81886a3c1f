using ActorEmbed.Actors.WorkProtocol;
using ActorEmbed.Inference;

namespace ActorEmbed.Actors.Scheduling;

/// <summary>The texts of a request as the queue sees them: what each costs, and how many have been handed out.</summary>
internal sealed class QueuedRequest
{
    private readonly IReadOnlyList<EmbeddingInput> _texts;
    private readonly Known[] _known;
    private readonly bool _normalize;
    private readonly bool _truncate;
    private readonly PromptChoice? _prompt;
    private int _next;

    /// <param name="id">Unique in its queue.</param>
    /// <param name="texts">Not changed any more. Pairs all have the same query.</param>
    /// <param name="normalize">Whether their vectors are scaled to length 1.</param>
    /// <param name="truncate">Whether a text that is too long is cut.</param>
    /// <param name="maxTokensPerText">Where the model truncates.</param>
    /// <param name="prompt">Goes before each text.</param>
    /// <param name="tokensBeside">What a prompt or a query adds to each text.</param>
    /// <param name="bytesOfResults">Memory of what comes back, in bytes, where that is not small beside the texts.</param>
    public QueuedRequest(
        long id, IReadOnlyList<EmbeddingInput> texts, bool normalize = true, bool truncate = true,
        int maxTokensPerText = TextWeight.DefaultMaxTokens, PromptChoice? prompt = null, int tokensBeside = 0, long bytesOfResults = 0)
    {
        Id = id;
        Bytes = BytesOfResults = bytesOfResults;
        (_texts, _normalize, _truncate, _prompt) = (texts, normalize, truncate, prompt);
        _known = new Known[texts.Count];
        for (var i = 0; i < _known.Length; i++)
        {
            UnsentTokens += _known[i].Tokens = TokensOf(texts[i]);
            UnsentCost += CostAt(i);
            // In memory the pairs share their query.
            Bytes += TextWeight.BytesOf(texts[i]) - (i == 0 ? 0 : TextWeight.BytesOf(texts[i].Query ?? ""));
        }

        int TokensOf(EmbeddingInput text) => text.TokenIds is null
            ? Math.Min(maxTokensPerText, TextWeight.Estimate(text, maxTokensPerText) + tokensBeside)
            : TextWeight.Estimate(text, maxTokensPerText);
    }

    public long Id { get; }

    public int TextCount => _known.Length;

    /// <summary>Where it stands in the queue, while it has unsent texts.</summary>
    public LinkedListNode<QueuedRequest>? Place { get; set; }

    /// <summary>Whether it waits among the small ones; null while it has not been queued.</summary>
    public bool? IsSmall { get; set; }

    /// <summary>Whether it has been answered, one way or the other; what still comes back for it is dropped.</summary>
    public bool IsAnswered { get; set; }

    /// <summary>Texts that have not been handed to a batch yet.</summary>
    public int UnsentTexts => TextCount - _next;

    /// <summary>Their tokens, estimated.</summary>
    public long UnsentTokens { get; private set; }

    /// <summary>What they cost, in tokens of short texts.</summary>
    public long UnsentCost { get; private set; }

    /// <summary>Memory of all its texts, in bytes, and <see cref="BytesOfResults"/>.</summary>
    public long Bytes { get; }

    /// <summary>Memory that is held free for what comes back, in bytes; 0 where it is not counted.</summary>
    public long BytesOfResults { get; }

    /// <summary>What of the queue had been handed out when a long text of it was first passed over; null unless one is.</summary>
    public long? PassedOverAt { get; set; }

    /// <summary>Index of the text that the next batch takes.</summary>
    public int NextIndex => _next;

    public BatchText TextAt(int index) => new(_texts[index] with { Truncate = _truncate, Prompt = _prompt }, _normalize);

    /// <summary>Tokens of one text, estimated.</summary>
    public int TokensAt(int index) => _known[index].Tokens;

    /// <summary>What one text costs, in tokens of short texts.</summary>
    public int CostAt(int index) => TextWeight.CostOf(_known[index].Tokens);

    /// <summary>
    /// A hash of one text. Made when it is first asked for, and once: texts may be long, and this is the router's thread.
    /// </summary>
    public int HashAt(int index)
    {
        ref var known = ref _known[index];
        if (!known.IsHashed)
            (known.Hash, known.IsHashed) = (_texts[index].GetHashCode(), true);
        return known.Hash;
    }

    /// <summary>Memory of one text, in bytes.</summary>
    public long BytesOf(int index) => TextWeight.BytesOf(_texts[index]);

    /// <summary>Tokens of all its different texts, estimated: equal ones in a batch are computed once.</summary>
    public long DistinctTokens() => Enumerable.Range(0, TextCount)
        .Select(i => new BatchItem(this, i)).Distinct(SameText.Instance).Sum(item => (long)TokensAt(item.Index));

    /// <summary>Counts the next text as handed out.</summary>
    public void TakeNext()
    {
        UnsentTokens -= TokensAt(_next);
        UnsentCost -= CostAt(_next);
        _next++;
    }

    private struct Known
    {
        public int Tokens;
        public int Hash;
        public bool IsHashed;
    }
}
