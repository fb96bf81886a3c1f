using System.Buffers;
using ActorEmbed.Inference.Files;
using ActorEmbed.Inference.Tokenization.Pipeline;
using ActorEmbed.Inference.Tokenization.Pipeline.Decoders;
using ActorEmbed.Inference.Tokenization.Pipeline.Models;
using ActorEmbed.Inference.Tokenization.Pipeline.Normalizers;
using ActorEmbed.Inference.Tokenization.Pipeline.PostProcessors;
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
    private static readonly string[] Texts = ["<s>", "<pad>", "</s>", "<unk>", MaskText];
    private const string MaskText = "<mask>";

    private readonly UnigramModel _model;
    private readonly CharacterMapNormalizer _normalizer;
    private readonly SpecialToken[] _specialTokens;
    private readonly SpecialTokenFinder _specialTokenFinder;
    private readonly Lazy<SentencePieceFile> _pieces;
    private readonly Lazy<PipelineTokenizer> _pipeline;

    private XlmRobertaTokenizer(
        UnigramModel model, CharacterMap map, SpecialToken[] specialTokens, int maxTokens, Func<SentencePieceFile> readPieces)
    {
        if (maxTokens <= ModelInfo.SpecialTokensAround)
            throw new InvalidDataException($"a maximum of {maxTokens} tokens leaves no room beside its {ModelInfo.SpecialTokensAround} special tokens");
        _model = model;
        _normalizer = new CharacterMapNormalizer(map);
        _specialTokens = specialTokens;
        _specialTokenFinder = new SpecialTokenFinder(specialTokens);
        MaxTokens = maxTokens;
        // Read again when first asked for: embedding needs no texts of pieces, and a large vocabulary's take 9 MB.
        _pieces = new Lazy<SentencePieceFile>(readPieces);
        _pipeline = new Lazy<PipelineTokenizer>(() => CreatePipeline(map));
    }

    /// <summary>The tokens that are found in raw text, as tokenizer.json describes them.</summary>
    public static IReadOnlyList<AddedToken> AddedTokens { get; } =
        [.. Texts.Select(text => new AddedToken(text) { IsSpecial = true, StripsLeft = text == MaskText })];

    public int PaddingId => PadId;

    public IReadOnlyList<int> Before { get; } = [BeginId];

    public IReadOnlyList<int> After { get; } = [CloseId];

    public PostProcessor PostProcessor { get; } = SentencePieceParts.Around(BeginId, CloseId);

    public ITokenDecoder? Decoder => SentencePieceParts.Decoder;

    public TruncationSide Side => TruncationSide.Right;

    public int MaxTokens { get; }

    public int VocabularySize => _specialTokens.Max(token => token.Id) + 1;

    /// <summary>Reads a <c>sentencepiece.bpe.model</c>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxTokens">Tokens of one text at most, the two special tokens around it included.</param>
    /// <exception cref="ModelLoadException">The file is missing, damaged or of another kind, or the maximum too small.</exception>
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
        var considered = ConsideredText.Of(text, ConsideredText.VisibleCharacters(maxTokens), TruncationSide.Right, out var isCut);
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

    /// <summary>All tokens with their places: by the general way, which keeps them and takes twice the time.</summary>
    public TextTokens TokenizeWhole(string text, CancellationToken cancellation) => _pipeline.Value.TokenizeWhole(text, cancellation);

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

    private PipelineTokenizer CreatePipeline(CharacterMap map)
    {
        var vocabulary = new Entries(_specialTokens);
        var added = new AddedVocabulary(vocabulary);
        added.Add(AddedTokens);
        return new PipelineTokenizer(
            new PipelineParts(new UnigramPieceModel(_model, vocabulary), added)
            {
                Normalizer = new PrecompiledNormalizer(map),
                PreTokenizer = SentencePieceParts.PreTokenizer,
                PostProcessor = PostProcessor,
                PaddingId = PadId,
            },
            MaxTokens);
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
        int[] specialIds = [BeginId, PadId, CloseId, UnknownId, maskId];
        SpecialToken[] specialTokens = [.. AddedTokens.Zip(specialIds, (token, id) => new SpecialToken(token.Text, id, token.StripsLeft))];
        return new XlmRobertaTokenizer(
            CreateModel(file, specialTokens, vocabularySize: maskId + 1),
            CharacterMap.Parse(file.Bytes.AsSpan(file.CharacterMap)),
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
        var scores = new double[vocabularySize];
        var longest = 0;
        var keys = new List<TrieKey>(vocabularySize);
        for (var i = OwnPieces; i < file.Pieces.Count; i++)
        {
            var piece = file.Pieces[i];
            keys.Add(new TrieKey(piece.Offset, piece.Length, i + Shift));
            scores[i + Shift] = piece.Score;
            longest = Math.Max(longest, piece.Length);
        }

        var specialTexts = System.Text.Encoding.UTF8.GetBytes(string.Concat(specialTokens.Select(token => token.Text)));
        byte[] source = [.. file.Bytes, .. specialTexts];
        var offset = file.Bytes.Length;
        foreach (var token in specialTokens)
        {
            keys.Add(new TrieKey(offset, token.Text.Length, token.Id));
            longest = Math.Max(longest, token.Text.Length);
            offset += token.Text.Length;
        }

        var trie = DoubleArrayTrieBuilder.Build(source, [.. keys]);
        return new UnigramModel(trie, scores, UnknownId, longest);
    }

    /// <summary>What the general way has to know of the vocabulary: the texts of pieces are asked for elsewhere.</summary>
    private sealed class Entries(SpecialToken[] specialTokens) : IVocabulary
    {
        public int Count => LargestId + 1;

        public int LargestId { get; } = specialTokens.Max(token => token.Id);

        public int? IdOf(string text) => Array.Find(specialTokens, token => token.Text == text)?.Id;

        public string? TextOf(int id) => Array.Find(specialTokens, token => token.Id == id)?.Text;
    }
}
