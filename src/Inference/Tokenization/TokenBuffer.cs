using ActorEmbed.Inference.Tokenization.SentencePiece;

namespace ActorEmbed.Inference.Tokenization;

/// <summary>Collects the ids of a text up to a limit, and remembers whether there were more.</summary>
internal ref struct TokenBuffer(Span<int> room) : ITokenReceiver
{
    private readonly Span<int> _room = room;
    private int _count;

    /// <summary>Whether a token did not fit: nothing that follows can matter.</summary>
    public bool IsOverfull { readonly get; private set; }

    /// <summary>The ids that fitted.</summary>
    public readonly ReadOnlySpan<int> Ids => _room[.._count];

    void ITokenReceiver.Add(int id, int start, int end) => Add(id);

    /// <summary>Appends an id if there is room.</summary>
    public void Add(int id)
    {
        if (_count < _room.Length)
            _room[_count++] = id;
        else
            IsOverfull = true;
    }
}
