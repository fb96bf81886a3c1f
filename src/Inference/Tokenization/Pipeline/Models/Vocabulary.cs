namespace ActorEmbed.Inference.Tokenization.Pipeline.Models;

/// <summary>The entries of a vocabulary and their ids.</summary>
internal sealed class Vocabulary : IVocabulary
{
    // Ten times what the largest vocabularies have: tables by id stay small whatever a file says.
    private const int MaxId = 10_000_000;

    private readonly Dictionary<string, int> _ids;
    private readonly Lazy<Dictionary<int, string>> _texts;
    private readonly Lazy<int[]> _lengths;

    /// <exception cref="InvalidDataException">There is no entry, or a negative id.</exception>
    public Vocabulary(Dictionary<string, int> ids)
    {
        if (ids.Count == 0)
            throw new InvalidDataException("the vocabulary is empty");
        if (ids.Values.Min() < 0)
            throw new InvalidDataException("the vocabulary has an id below 0");
        _ids = ids;
        LargestId = ids.Values.Max();
        if (LargestId > MaxId)
            throw new InvalidDataException($"the vocabulary has the id {LargestId}, more than {MaxId}");
        LongestLength = ids.Keys.Max(text => text.Length);
        Lookup = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        _lengths = new Lazy<int[]>(() =>
        {
            var lengths = new int[LargestId + 1];
            foreach (var (text, id) in _ids)
                lengths[id] = text.Length;
            return lengths;
        });
        _texts = new Lazy<Dictionary<int, string>>(() =>
        {
            var texts = new Dictionary<int, string>(_ids.Count);
            foreach (var (text, id) in _ids)
                texts[id] = text;
            return texts;
        });
    }

    public int Count => _ids.Count;

    public int LargestId { get; }

    /// <summary>Code units of the longest entry.</summary>
    public int LongestLength { get; }

    /// <summary>All entries.</summary>
    public IReadOnlyDictionary<string, int> Entries => _ids;

    /// <summary>To look up without making a string.</summary>
    public Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> Lookup { get; }

    /// <summary>Code units of an entry.</summary>
    public int LengthOf(int id) => _lengths.Value[id];

    public int? IdOf(string text) => _ids.TryGetValue(text, out var id) ? id : null;

    public string? TextOf(int id) => _texts.Value.GetValueOrDefault(id);
}
