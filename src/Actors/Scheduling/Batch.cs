using System.Runtime.InteropServices;
using ActorEmbed.Actors.WorkProtocol;

namespace ActorEmbed.Actors.Scheduling;

/// <summary>
/// The texts of one <see cref="EmbedBatch"/> and who waits for each. Equal texts take one place and are computed once.
/// </summary>
internal sealed class Batch(long id)
{
    private readonly List<BatchText> _texts = [];
    private readonly List<List<BatchItem>> _waiting = [];
    private readonly Dictionary<BatchItem, int> _places = new(SameText.Instance);

    public long Id => id;

    /// <summary>How many workers were lost with these texts. The texts need not be the cause, but after several losses they are taken for it.</summary>
    public int Losses { get; init; }

    /// <summary>Texts that wait for this batch, equal ones counted each.</summary>
    public int ItemCount { get; private set; }

    /// <summary>Distinct texts.</summary>
    public int DistinctCount => _texts.Count;

    /// <summary>Tokens of the distinct texts, estimated.</summary>
    public int Tokens { get; private set; }

    /// <summary>What the distinct texts cost, in tokens of short texts.</summary>
    public int Cost { get; private set; }

    /// <summary>Everything that waits for this batch.</summary>
    public IReadOnlyList<BatchItem> Items => [.. _waiting.SelectMany(items => items)];

    /// <summary>Those who wait for the text at one place.</summary>
    public IReadOnlyList<BatchItem> WaitingAt(int place) => _waiting[place];

    /// <summary>What a text would add to the cost: nothing when it is there already.</summary>
    public int AddedCost(BatchItem item) =>
        _places.ContainsKey(item) ? 0 : item.Request.CostAt(item.Index);

    public void Add(BatchItem item)
    {
        ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(_places, item, out var isThere);
        if (!isThere)
        {
            place = _texts.Count;
            _texts.Add(item.Request.TextAt(item.Index));
            _waiting.Add([]);
            Tokens += item.Request.TokensAt(item.Index);
            Cost += item.Request.CostAt(item.Index);
        }

        _waiting[place].Add(item);
        ItemCount++;
    }

    public EmbedBatch ToMessage() => new(Id, _texts.ToArray());
}
