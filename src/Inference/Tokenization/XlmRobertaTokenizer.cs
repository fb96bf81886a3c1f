using System.Buffers;
using ActorEmbed.Inference.Files;
using ActorEmbed.Inference.Tokenization.SentencePiece;

namespace ActorEmbed.Inference.Tokenization;

/// <summary>
/// The tokenizer of XLM-RoBERTa and the sentence-transformers built on it: a SentencePiece unigram model with the ids
/// shifted as fairseq does. Its ids are those of the Rust tokenizers library running the tokenizer.json that goes
/// with the model: special tokens are found in the raw text, each part between them is normalised by the character
/// map, divided at white space, and each word tokenized by itself.
/// </summary>
internal sealed class XlmRobertaTokenizer : IModelTokenizer
{
    private const int BeginId = 0;
    private const int PadId = 1;
    private const int CloseId = 2;
    private const int UnknownId = 3;

    // SentencePiece numbers <unk>, <s>, </s> from 0; fairseq puts <s>, <pad>, </s>, <unk> there and moves the rest up.
    private const int OwnPieces = 3;
    private const int Shift = 1;

    private readonly UnigramModel _model;
    private readonly CharacterMapNormalizer _normalizer;
    private readonly SpecialToken[] _specialTokens;
    private readonly SpecialTokenFinder _specialTokenFinder;
    private readonly Lazy<SentencePieceFile> _pieces;

    private XlmRobertaTokenizer(
        UnigramModel model, CharacterMapNormalizer normalizer, SpecialToken[] specialTokens, int maxTokens, Func<SentencePieceFile> readPieces)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(maxTokens, ModelInfo.SpecialTokensAround);
        _model = model;
        _normalizer = normalizer;
        _specialTokens = specialTokens;
        _specialTokenFinder = new SpecialTokenFinder(specialTokens);
        MaxTokens = maxTokens;
        // Read again when first asked for: embedding needs no texts of pieces, and a large vocabulary's take 9 MB.
        _pieces = new Lazy<SentencePieceFile>(readPieces);
    }

    public int PaddingId => PadId;

    public int StartId => BeginId;

    public int EndId => CloseId;

    public int MaxTokens { get; }

    public int VocabularySize => _specialTokens.Max(token => token.Id) + 1;

    /// <summary>Reads a <c>sentencepiece.bpe.model</c>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxTokens">Tokens of one text at most, the two special tokens around it included.</param>
    /// <exception cref="ModelLoadException">The file is missing, damaged or of another kind.</exception>
    public static XlmRobertaTokenizer Load(string path, int maxTokens)
    {
        try
        {
            return Create(ReadFile(), maxTokens, ReadFile);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new ModelLoadException($"The tokenizer {path} cannot be used: {e.Message}", e);
        }

        SentencePieceFile ReadFile() => SentencePieceFile.Parse(ModelFile.ReadAllBytes(path));
    }

    public TokenizedText Tokenize(string text) => Tokenize(text, MaxTokens);

    public TokenizedText Tokenize(string text, int maxTokens)
    {
        var considered = ConsideredText.Of(text, maxTokens, out var isCut);
        var rented = ArrayPool<int>.Shared.Rent(maxTokens);
        var words = new WordReader(_model, new TokenBuffer(rented.AsSpan(0, maxTokens - ModelInfo.SpecialTokensAround)));
        try
        {
            Read(considered, ref words);
            return new TokenizedText([BeginId, .. words.Ids, CloseId], isCut || words.IsOverfull);
        }
        finally
        {
            words.Dispose();
            ArrayPool<int>.Shared.Return(rented);
        }
    }

    public TokenPiece PieceOf(int id)
    {
        foreach (var special in _specialTokens)
        {
            if (special.Id == id)
                return new TokenPiece(special.Text, IsSpecial: true);
        }

        var file = _pieces.Value;
        return new TokenPiece(System.Text.Encoding.UTF8.GetString(file.Text(file.Pieces[id - Shift])), IsSpecial: false);
    }

    private void Read(ReadOnlySpan<char> text, ref WordReader words)
    {
        for (var at = 0; at < text.Length && !words.IsOverfull;)
        {
            var special = _specialTokenFinder.Find(text, at);
            _normalizer.Normalize(text[at..(special?.Start ?? text.Length)], ref words);
            words.EndWord();
            if (special is null)
                return;

            words.AddToken(special.Value.Id);
            at = special.Value.End;
        }
    }

    private static XlmRobertaTokenizer Create(SentencePieceFile file, int maxTokens, Func<SentencePieceFile> readPieces)
    {
        string[] expected = ["<unk>", "<s>", "</s>"];
        if (!expected.SequenceEqual(file.Pieces.Take(OwnPieces).Select(piece => System.Text.Encoding.UTF8.GetString(file.Text(piece)))))
            throw new InvalidDataException("its first pieces are not <unk>, <s>, </s>, as XLM-RoBERTa has them");

        var maskId = file.Pieces.Count + Shift;
        SpecialToken[] specialTokens =
        [
            new("<s>", BeginId),
            new("<pad>", PadId),
            new("</s>", CloseId),
            new("<unk>", UnknownId),
            new("<mask>", maskId, StripsLeft: true),
        ];
        return new XlmRobertaTokenizer(
            CreateModel(file, specialTokens, vocabularySize: maskId + 1),
            new CharacterMapNormalizer(CharacterMap.Parse(file.Bytes.AsSpan(file.CharacterMap))),
            specialTokens,
            maxTokens,
            readPieces);
    }

    /// <summary>
    /// The special tokens are pieces too, with score 0: normalising may spell one out (from full-width letters, say)
    /// that was not in the raw text.
    /// </summary>
    private static UnigramModel CreateModel(SentencePieceFile file, SpecialToken[] specialTokens, int vocabularySize)
    {
        var scores = new float[vocabularySize];
        var keys = new List<TrieKey>(vocabularySize);
        for (var i = OwnPieces; i < file.Pieces.Count; i++)
        {
            var piece = file.Pieces[i];
            keys.Add(new TrieKey(piece.Offset, piece.Length, i + Shift));
            scores[i + Shift] = piece.Score;
        }

        var specialTexts = System.Text.Encoding.UTF8.GetBytes(string.Concat(specialTokens.Select(token => token.Text)));
        byte[] source = [.. file.Bytes, .. specialTexts];
        var offset = file.Bytes.Length;
        foreach (var token in specialTokens)
        {
            keys.Add(new TrieKey(offset, token.Text.Length, token.Id));
            offset += token.Text.Length;
        }

        var trie = DoubleArrayTrieBuilder.Build(source, [.. keys]);
        return new UnigramModel(trie, scores, UnknownId);
    }
}
