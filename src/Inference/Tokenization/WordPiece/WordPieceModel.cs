
namespace ActorEmbed.Inference.Tokenization.WordPiece;

/// <summary>
/// Cuts a word into pieces from the left, the longest first. A word that cannot be cut completely is one unknown
/// token.
/// </summary>
internal sealed class WordPieceModel
{
    // BERT's own limit; the Rust tokenizers library has it as the default of max_input_chars_per_word.
    private const int MaxCharactersPerWord = 100;
    private const string ContinuationPrefix = "##";

    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _firstPieces;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _laterPieces;
    private readonly int _longestPiece;
    private readonly int _unknownId;

    /// <param name="vocabulary">Each piece and its id.</param>
    /// <param name="unknownId">The id of a word that cannot be cut.</param>
    public WordPieceModel(IReadOnlyDictionary<string, int> vocabulary, int unknownId)
    {
        var firstPieces = new Dictionary<string, int>(vocabulary.Count, StringComparer.Ordinal);
        var laterPieces = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (piece, id) in vocabulary)
        {
            // A piece with the prefix can also be matched as it is written, at the beginning of a word.
            firstPieces[piece] = id;
            if (piece.StartsWith(ContinuationPrefix, StringComparison.Ordinal))
                laterPieces[piece[ContinuationPrefix.Length..]] = id;
            _longestPiece = Math.Max(_longestPiece, piece.Length);
        }

        _firstPieces = firstPieces.GetAlternateLookup<ReadOnlySpan<char>>();
        _laterPieces = laterPieces.GetAlternateLookup<ReadOnlySpan<char>>();
        _unknownId = unknownId;
    }

    /// <summary>Whether a word has more characters than one may have.</summary>
    private static bool IsTooLong(ReadOnlySpan<char> word)
    {
        if (word.Length <= MaxCharactersPerWord)
            return false;
        var characters = 0;
        foreach (var _ in word.EnumerateRunes())
            characters++;
        return characters > MaxCharactersPerWord;
    }

    /// <summary>Appends the ids of one word.</summary>
    public void Tokenize(ReadOnlySpan<char> word, ref TokenBuffer ids)
    {
        if (IsTooLong(word))
        {
            ids.Add(_unknownId);
            return;
        }

        // At most one piece a code unit, and a word of 100 characters has at most 200 of them.
        Span<int> pieces = stackalloc int[MaxCharactersPerWord * 2];
        var count = 0;
        for (var start = 0; start < word.Length;)
        {
            var length = LongestPiece(word[start..], start == 0 ? _firstPieces : _laterPieces, out var id);
            if (length == 0)
            {
                ids.Add(_unknownId);
                return;
            }

            pieces[count++] = id;
            start += length;
        }

        foreach (var id in pieces[..count])
            ids.Add(id);
    }

    private int LongestPiece(
        ReadOnlySpan<char> text, Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> pieces, out int id)
    {
        for (var length = Math.Min(text.Length, _longestPiece); length > 0; length--)
        {
            var splitsPair = length < text.Length && char.IsLowSurrogate(text[length]);
            if (!splitsPair && pieces.TryGetValue(text[..length], out id))
                return length;
        }

        id = 0;
        return 0;
    }
}
