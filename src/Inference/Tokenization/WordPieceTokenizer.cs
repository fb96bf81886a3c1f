using System.Buffers;
using ActorEmbed.Inference.Tokenization.WordPiece;

namespace ActorEmbed.Inference.Tokenization;

/// <summary>
/// The tokenizer of BERT and the sentence-transformers built on it: a <c>vocab.txt</c> of word pieces. Its ids are
/// those of the Rust tokenizers library. BertTokenizer of Microsoft.ML.Tokenizers is not used: it relies on
/// <c>string.Normalize</c> to strip accents, which does nothing under InvariantGlobalization.
/// </summary>
/// <remarks>
/// The Rust library takes character classes from Unicode 8; some 600 punctuation characters, marks and format
/// characters of later versions and rare scripts are classified by the runtime's newer data here.
/// </remarks>
internal sealed class WordPieceTokenizer : IModelTokenizer
{
    private readonly BertNormalizer _normalizer;
    private readonly WordPieceModel _model;
    private readonly SpecialToken[] _specialTokens;
    private readonly SpecialTokenFinder _specialTokenFinder;
    private readonly Lazy<Dictionary<int, string>> _pieces;

    /// <param name="vocabulary">Each piece and its id; among them the special tokens.</param>
    /// <param name="specialTokens">The roles of the special tokens.</param>
    /// <param name="options">How the text is normalised.</param>
    /// <param name="maxTokens">Tokens of one text at most, the two special tokens around it included.</param>
    /// <exception cref="InvalidDataException">A special token is missing from the vocabulary.</exception>
    public WordPieceTokenizer(
        IReadOnlyDictionary<string, int> vocabulary,
        BertSpecialTokens specialTokens,
        BertNormalizerOptions options,
        int maxTokens)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(maxTokens, ModelInfo.SpecialTokensAround);
        StartId = Id(specialTokens.Start);
        EndId = Id(specialTokens.End);
        PaddingId = Id(specialTokens.Padding);
        _model = new WordPieceModel(vocabulary, Id(specialTokens.Unknown));
        _normalizer = new BertNormalizer(options);
        _specialTokens =
        [
            .. specialTokens.All.Where(vocabulary.ContainsKey)
                .Select(text => new SpecialToken(text, vocabulary[text], text == specialTokens.StrippingLeft)),
        ];
        _specialTokenFinder = new SpecialTokenFinder(_specialTokens);
        VocabularySize = vocabulary.Values.Max() + 1;
        _pieces = new Lazy<Dictionary<int, string>>(() => vocabulary.ToDictionary(entry => entry.Value, entry => entry.Key));
        MaxTokens = maxTokens;

        int Id(string token) => vocabulary.TryGetValue(token, out var id)
            ? id
            : throw new InvalidDataException($"the special token {token} is not in it");
    }

    public int PaddingId { get; }

    public int StartId { get; }

    public int EndId { get; }

    public int MaxTokens { get; }

    public int VocabularySize { get; }

    public TokenizedText Tokenize(string text) => Tokenize(text, MaxTokens);

    public TokenizedText Tokenize(string text, int maxTokens)
    {
        var considered = ConsideredText.Of(text, maxTokens, out var isCut);
        var rented = ArrayPool<int>.Shared.Rent(maxTokens);
        var ids = new TokenBuffer(rented.AsSpan(0, maxTokens - ModelInfo.SpecialTokensAround));
        Read(considered, ref ids);
        var result = new TokenizedText([StartId, .. ids.Ids, EndId], isCut || ids.IsOverfull);
        ArrayPool<int>.Shared.Return(rented);
        return result;
    }

    public TokenPiece PieceOf(int id) => new(_pieces.Value[id], Array.Exists(_specialTokens, token => token.Id == id));

    private void Read(ReadOnlySpan<char> text, ref TokenBuffer ids)
    {
        for (var at = 0; at < text.Length && !ids.IsOverfull;)
        {
            var special = _specialTokenFinder.Find(text, at);
            _normalizer.Tokenize(text[at..(special?.Start ?? text.Length)], _model, ref ids);
            if (special is null)
                return;

            ids.Add(special.Value.Id);
            at = special.Value.End;
        }
    }
}
