namespace ActorEmbed.Inference.Tokenization.Pipeline;

/// <summary>Collects the tokens of a text, on demand with their places in the original, up to a limit.</summary>
/// <param name="isAligned">Whether the places are kept.</param>
/// <param name="limit">Tokens that are wanted: when there are more, nothing that follows can matter.</param>
/// <param name="cancellation">Asked for every piece of the text.</param>
internal sealed class TokenSink(bool isAligned, int limit, CancellationToken cancellation)
{
    private readonly List<int> _ids = [];
    private readonly List<int> _starts = [];
    private readonly List<int> _ends = [];

    /// <summary>The ids so far, one more than the limit at most.</summary>
    public List<int> Ids => _ids;

    /// <summary>Where in the original each token begins; empty where places are not kept.</summary>
    public List<int> Starts => _starts;

    /// <summary>Where in the original each token ends; empty where places are not kept.</summary>
    public List<int> Ends => _ends;

    /// <summary>Whether the places are kept.</summary>
    public bool IsAligned => isAligned;

    /// <summary>Whether there were more tokens than the limit.</summary>
    public bool IsOverfull => _ids.Count > limit;

    /// <summary>The text that the piece is a part of.</summary>
    public AlignedText Text { get; private set; } = new(0, isAligned);

    /// <summary>Where in <see cref="Text"/> the piece starts.</summary>
    public int PieceStart { get; private set; }

    /// <summary>Cancelled when nobody waits for the tokens any more.</summary>
    public CancellationToken Cancellation => cancellation;

    /// <summary>Says of which piece the next tokens are.</summary>
    public void Begin(AlignedText text, int pieceStart)
    {
        cancellation.ThrowIfCancellationRequested();
        (Text, PieceStart) = (text, pieceStart);
    }

    /// <summary>Appends a token of the piece.</summary>
    /// <param name="id">The token.</param>
    /// <param name="start">The first code unit of the piece that it stands for.</param>
    /// <param name="end">After the last one; more than <paramref name="start"/>.</param>
    public void Add(int id, int start, int end)
    {
        if (IsOverfull)
            return;
        _ids.Add(id);
        if (!isAligned)
            return;
        _starts.Add(Text.StartOf(PieceStart + start));
        _ends.Add(Text.EndOf(PieceStart + end - 1));
    }

    /// <summary>Appends a token that is no part of any piece.</summary>
    public void AddWhole(int id, int start, int end)
    {
        if (IsOverfull)
            return;
        _ids.Add(id);
        if (!isAligned)
            return;
        _starts.Add(start);
        _ends.Add(end);
    }
}
