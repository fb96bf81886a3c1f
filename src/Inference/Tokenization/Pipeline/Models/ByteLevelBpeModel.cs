using Microsoft.ML.Tokenizers;

namespace ActorEmbed.Inference.Tokenization.Pipeline.Models;

/// <summary>
/// Byte-level byte-pair encoding without any special option: the model of GPT-2, RoBERTa, ModernBERT and Qwen. The merging is
/// that of Microsoft.ML.Tokenizers; what is divided, and where, is decided before it (docs/decisions/017-tokenizer-json.md).
/// </summary>
internal sealed class ByteLevelBpeModel : IPieceModel
{
    // Its words take an object of some sixty bytes for each byte of a piece. A word of everyday text is far shorter.
    private const int MaxLengthOfPiece = 512;

    private readonly BpeTokenizer _tokenizer;
    private readonly Vocabulary _vocabulary;
    private readonly Lazy<BpeModel> _longPieces;

    /// <exception cref="InvalidDataException">The merges do not fit the vocabulary.</exception>
    public ByteLevelBpeModel(Vocabulary vocabulary, IReadOnlyList<(string First, string Second)> merges)
    {
        _vocabulary = vocabulary;
        var options = new Microsoft.ML.Tokenizers.BpeOptions(vocabulary.Entries)
        {
            Merges = merges.Select(merge => $"{merge.First} {merge.Second}"),
            ByteLevel = true,
        };
        try
        {
            _tokenizer = BpeTokenizer.Create(options);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            throw new InvalidDataException(e.Message, e);
        }

        _longPieces = new Lazy<BpeModel>(() => new BpeModel(vocabulary, new BpeMerges(merges, vocabulary, continuationPrefix: ""), new BpeOptions()));
    }

    /// <summary>Whether the library can: every byte has a token, and no merge is of a text with a space.</summary>
    public static bool CanRun(Vocabulary vocabulary, IReadOnlyList<(string First, string Second)> merges) =>
        Enumerable.Range(0, byte.MaxValue + 1).All(value => vocabulary.IdOf(ByteAlphabet.Of((byte)value).ToString()) is not null)
        && !merges.Any(merge => merge.First.Contains(' ', StringComparison.Ordinal) || merge.Second.Contains(' ', StringComparison.Ordinal));

    public IVocabulary Vocabulary => _vocabulary;

    public void Tokenize(ReadOnlySpan<char> piece, TokenSink tokens)
    {
        if (piece.Length > MaxLengthOfPiece)
        {
            TokenizeLong(tokens, piece.Length);
            return;
        }

        var place = new BytePlace();
        foreach (var id in _tokenizer.EncodeToIds(piece, considerPreTokenization: false, considerNormalization: false))
        {
            var start = place.Unit;
            // An entry has a character for each byte that it stands for.
            place.Advance(piece, _vocabulary.LengthOf(id));
            tokens.Add(id, start, place.End);
        }
    }

    private void TokenizeLong(TokenSink tokens, int length)
    {
        var bytes = new AlignedText(length * 2, tokens.Text.IsAligned);
        ByteAlphabet.Append(tokens.Text, tokens.PieceStart, length, bytes);
        tokens.Begin(bytes, 0);
        _longPieces.Value.Tokenize(bytes.Span, tokens);
    }

    /// <summary>A byte of a piece's UTF-8, and the code unit that it belongs to.</summary>
    private struct BytePlace
    {
        private int _bytesLeft;
        private int _units;

        /// <summary>The code unit that the next byte belongs to.</summary>
        public int Unit { get; private set; }

        /// <summary>After the code unit that the last byte belongs to.</summary>
        public readonly int End => _bytesLeft > 0 ? Unit + _units : Unit;

        public void Advance(ReadOnlySpan<char> piece, int bytes)
        {
            for (; bytes > 0; bytes--)
            {
                if (_bytesLeft == 0)
                {
                    System.Text.Rune.DecodeFromUtf16(piece[Unit..], out var character, out _units);
                    _bytesLeft = character.Utf8SequenceLength;
                }

                if (--_bytesLeft == 0)
                    Unit += _units;
            }
        }
    }
}
