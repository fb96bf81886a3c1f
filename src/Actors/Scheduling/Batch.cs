using ActorEmbed.Actors.Messages;

namespace ActorEmbed.Actors.Scheduling;

/// <summary>
/// The texts of one <see cref="EmbedBatch"/> and who waits for each. Equal texts take one place and are computed once.
/// </summary>
internal sealed class Batch(long id)
{
    private readonly List<BatchText> _texts = [];
    private readonly List<List<BatchItem>> _waiting = [];
    private readonly Dictionary<BatchText, int> _places = [];

    public long Id => id;

    /// <summary>Texts that wait for this batch, equal ones counted each.</summary>
    public int ItemCount { get; private set; }

    /// <summary>Distinct texts.</summary>
    public int DistinctCount => _texts.Count;

    /// <summary>Everyone who waits, place by place.</summary>
    public IEnumerable<BatchItem> Items => _waiting.SelectMany(items => items);

    /// <summary>Those who wait for the text at one place.</summary>
    public IReadOnlyList<BatchItem> WaitingAt(int place) => _waiting[place];

    public bool Contains(BatchText text) => _places.ContainsKey(text);

    public void Add(BatchItem item)
    {
        var text = new BatchText(item.Request.TextAt(item.Index), item.Request.Normalize);
        if (!_places.TryGetValue(text, out var place))
        {
            place = _texts.Count;
            _places.Add(text, place);
            _texts.Add(text);
            _waiting.Add([]);
        }

        _waiting[place].Add(item);
        ItemCount++;
    }

    public EmbedBatch ToMessage() => new(Id, _texts.ToArray());
}
