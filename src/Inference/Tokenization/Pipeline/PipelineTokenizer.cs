using ActorEmbed.Inference.Tokenization.Pipeline.Decoders;
using ActorEmbed.Inference.Tokenization.Pipeline.Models;
using ActorEmbed.Inference.Tokenization.Pipeline.Normalizers;
using ActorEmbed.Inference.Tokenization.Pipeline.PostProcessors;
using ActorEmbed.Inference.Tokenization.Pipeline.PreTokenizers;

namespace ActorEmbed.Inference.Tokenization.Pipeline;

/// <summary>
/// A tokenizer as tokenizer.json describes one: added tokens are found in the raw text; what lies between them is normalised,
/// divided into pieces, and each piece is tokenized by the model. Its ids are those of the Rust tokenizers library.
/// </summary>
internal sealed class PipelineTokenizer : IModelTokenizer
{
    // A cut text disturbs the tokens beside the cut; so many more than are kept have to be there.
    private const int TokensBesideCut = 32;

    // Where characters vanish or melt into one token, more of the text is looked at: up to 2,048 visible characters a token.
    private const int Growth = 4;
    private const int MaxGrowth = 64;

    private readonly INormalizer _normalizer;
    private readonly IPreTokenizer _preTokenizer;
    private readonly IPieceModel _model;
    private readonly PostProcessor _postProcessor;
    private readonly ITokenDecoder? _decoder;
    private readonly AddedVocabulary _added;
    private readonly AddedTokenFinder _rawTokens;
    private readonly AddedTokenFinder _normalizedTokens;
    private readonly bool _needsAlignment;

    /// <exception cref="InvalidDataException">The parts do not fit each other.</exception>
    public PipelineTokenizer(PipelineParts parts, int maxTokens)
    {
        _normalizer = parts.Normalizer;
        _preTokenizer = parts.PreTokenizer;
        _model = parts.Model;
        _added = parts.Added;
        _postProcessor = parts.PostProcessor;
        _decoder = parts.Decoder;
        _needsAlignment = parts.NeedsAlignment;
        _rawTokens = _added.RawFinder();
        _normalizedTokens = _added.NormalizedFinder(_normalizer);
        Side = parts.Side;
        PaddingId = parts.PaddingId;
        MaxTokens = maxTokens;
        VocabularySize = Math.Max(_added.LargestId, Before.Concat(After).DefaultIfEmpty(0).Max()) + 1;
        if (maxTokens <= Before.Count + After.Count)
            throw new InvalidDataException($"a maximum of {maxTokens} tokens leaves no room beside its {Before.Count + After.Count} special tokens");
    }

    public int PaddingId { get; }

    public int MaxTokens { get; }

    public int VocabularySize { get; }

    public ITokenDecoder? Decoder => _decoder;

    public PostProcessor PostProcessor => _postProcessor;

    public IReadOnlyList<int> Before => _postProcessor.Before;

    public IReadOnlyList<int> After => _postProcessor.After;

    /// <summary>The end of a text that is cut off.</summary>
    public TruncationSide Side { get; }

    public TokenizedText Tokenize(string text) => Tokenize(text, MaxTokens);

    public TokenizedText Tokenize(string text, int maxTokens)
    {
        var room = Math.Max(0, maxTokens - Before.Count - After.Count);
        var visible = ConsideredText.VisibleCharacters(maxTokens);
        for (var growth = 1; ; growth *= Growth)
        {
            var considered = ConsideredText.Of(text, visible * growth, Side, out var isCut);
            var wanted = (int)Math.Min(int.MaxValue - 1L, room + (long)(isCut ? TokensBesideCut : 0));
            var tokens = new TokenSink(isAligned: false, Side == TruncationSide.Left ? int.MaxValue - 1 : wanted, CancellationToken.None);
            Read(considered.ToString(), tokens);
            if (isCut && tokens.Ids.Count <= wanted && growth < MaxGrowth)
                continue;

            var kept = Math.Min(room, tokens.Ids.Count);
            var first = Side == TruncationSide.Left ? tokens.Ids.Count - kept : 0;
            return new TokenizedText([.. Before, .. tokens.Ids.GetRange(first, kept), .. After], isCut || kept < tokens.Ids.Count);
        }
    }

    public TextTokens TokenizeWhole(string text, CancellationToken cancellation)
    {
        var tokens = new TokenSink(isAligned: true, int.MaxValue - 1, cancellation);
        Read(ConsideredText.Whole(text).ToString(), tokens);
        return TokenPlaces.Create(text, tokens, this, _postProcessor.TrimsPlaces);
    }

    public TokenPiece PieceOf(int id) => _added.Tokens.TryGetValue(id, out var token)
        ? new TokenPiece(token.Text, token.IsSpecial || Before.Contains(id) || After.Contains(id))
        : new TokenPiece(_model.Vocabulary.TextOf(id) ?? "", Before.Contains(id) || After.Contains(id));

    private void Read(string text, TokenSink tokens)
    {
        var isAligned = tokens.IsAligned || _needsAlignment;
        foreach (var part in _rawTokens.Find(text.AsMemory()))
        {
            if (tokens.IsOverfull)
                return;
            if (part.Id is { } id)
                tokens.AddWhole(id, part.Start, part.End);
            else
                ReadRaw(AlignedText.Of(text.AsSpan(part.Start, part.End - part.Start), part.Start, isAligned), tokens);
        }
    }

    private void ReadRaw(AlignedText raw, TokenSink tokens)
    {
        var normalized = _normalizer.Normalize(raw);
        if (_normalizedTokens.IsEmpty)
        {
            if (normalized.Length > 0)
                ReadNormalized(normalized, 0..normalized.Length, tokens);
            return;
        }

        foreach (var part in _normalizedTokens.Find(normalized.Span.ToString().AsMemory()))
        {
            if (tokens.IsOverfull)
                return;
            if (part.Id is not { } id)
                ReadNormalized(normalized, part.Start..part.End, tokens);
            else if (tokens.IsAligned)
                tokens.AddWhole(id, normalized.StartOf(part.Start), normalized.EndOf(part.End - 1));
            else
                tokens.AddWhole(id, 0, 0);
        }
    }

    private void ReadNormalized(AlignedText normalized, Range part, TokenSink tokens)
    {
        var text = new PreTokenizedText(normalized, [part]);
        _preTokenizer.PreTokenize(text);
        foreach (var piece in text.Pieces)
        {
            if (tokens.IsOverfull)
                return;
            tokens.Begin(text.Text, piece.Start.Value);
            _model.Tokenize(text.Text.Span[piece], tokens);
        }
    }
}
