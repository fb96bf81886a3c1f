using System.Buffers;

namespace ActorEmbed.Inference.Tokenization.Pipeline.Models;

/// <summary>
/// Cuts a word into pieces from the left, the longest first. A word that cannot be cut completely is one unknown token.
/// </summary>
internal sealed class WordPieceModel : IPieceModel
{
    /// <summary>BERT's own limit; the Rust tokenizers library has it as the default of <c>max_input_chars_per_word</c>.</summary>
    public const int DefaultMaxCharactersPerWord = 100;

    /// <summary>What BERT's vocabularies write in front of a piece that continues a word.</summary>
    public const string DefaultContinuationPrefix = "##";

    private readonly Vocabulary _vocabulary;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _laterPieces;
    private readonly int _unknownId;
    private readonly int _maxCharactersPerWord;

    /// <param name="vocabulary">Each piece and its id.</param>
    /// <param name="unknown">The entry for a word that cannot be cut.</param>
    /// <param name="continuationPrefix">In front of each piece that does not begin a word.</param>
    /// <param name="maxCharactersPerWord">A longer word is unknown.</param>
    /// <exception cref="InvalidDataException">The unknown token is not in the vocabulary.</exception>
    public WordPieceModel(
        Vocabulary vocabulary,
        string unknown,
        string continuationPrefix = DefaultContinuationPrefix,
        int maxCharactersPerWord = DefaultMaxCharactersPerWord)
    {
        _vocabulary = vocabulary;
        _unknownId = vocabulary.IdOf(unknown) ?? throw new InvalidDataException($"the unknown token {unknown} is not in the vocabulary");
        _maxCharactersPerWord = maxCharactersPerWord;

        // A piece with the prefix can also be matched as it is written, at the beginning of a word.
        var laterPieces = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (piece, id) in vocabulary.Entries)
        {
            if (piece.StartsWith(continuationPrefix, StringComparison.Ordinal))
                laterPieces[piece[continuationPrefix.Length..]] = id;
        }

        _laterPieces = laterPieces.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public IVocabulary Vocabulary => _vocabulary;

    public void Tokenize(ReadOnlySpan<char> piece, TokenSink tokens)
    {
        if (IsTooLong(piece))
        {
            tokens.Add(_unknownId, 0, piece.Length);
            return;
        }

        var pieces = ArrayPool<(int Id, int Start)>.Shared.Rent(piece.Length);
        var count = 0;
        for (var start = 0; start < piece.Length && count >= 0;)
        {
            var length = LongestPiece(piece[start..], start == 0 ? _vocabulary.Lookup : _laterPieces, out var id);
            if (length > 0)
                pieces[count++] = (id, start);
            else
                count = -1;
            start += length;
        }

        if (count < 0)
            tokens.Add(_unknownId, 0, piece.Length);
        for (var i = 0; i < count; i++)
            tokens.Add(pieces[i].Id, pieces[i].Start, i + 1 < count ? pieces[i + 1].Start : piece.Length);
        ArrayPool<(int, int)>.Shared.Return(pieces);
    }

    private bool IsTooLong(ReadOnlySpan<char> word)
    {
        if (word.Length <= _maxCharactersPerWord)
            return false;
        var characters = 0;
        foreach (var _ in word.EnumerateRunes())
        {
            if (++characters > _maxCharactersPerWord)
                return true;
        }

        return false;
    }

    private int LongestPiece(ReadOnlySpan<char> text, Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> pieces, out int id)
    {
        for (var length = Math.Min(text.Length, _vocabulary.LongestLength); length > 0; length--)
        {
            var splitsPair = length < text.Length && char.IsLowSurrogate(text[length]);
            if (!splitsPair && pieces.TryGetValue(text[..length], out id))
                return length;
        }

        id = 0;
        return 0;
    }
}
