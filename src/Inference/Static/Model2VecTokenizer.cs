using ActorEmbed.Inference.Tokenization;
using ActorEmbed.Inference.Tokenization.Pipeline.Decoders;
using ActorEmbed.Inference.Tokenization.Pipeline.PostProcessors;

namespace ActorEmbed.Inference.Static;

/// <summary>
/// The tokens that model2vec's <c>encode()</c> takes of a text: it looks at so many characters as its maximum of tokens
/// usually has, and leaves out what the vocabulary does not know.
/// </summary>
/// <param name="tokenizer">The model's tokenizer, without special tokens.</param>
/// <param name="unknownId">The token for what is not known; null where there is none.</param>
/// <param name="maxTokens">Tokens of a text at most.</param>
/// <param name="charactersPerToken">Median length of the vocabulary's entries.</param>
internal sealed class Model2VecTokenizer(IModelTokenizer tokenizer, int? unknownId, int maxTokens, int charactersPerToken) : IModelTokenizer
{
    public int PaddingId => tokenizer.PaddingId;

    public IReadOnlyList<int> Before => tokenizer.Before;

    public IReadOnlyList<int> After => tokenizer.After;

    public PostProcessor PostProcessor => tokenizer.PostProcessor;

    public ITokenDecoder? Decoder => tokenizer.Decoder;

    public TruncationSide Side => tokenizer.Side;

    public int MaxTokens => maxTokens;

    public int VocabularySize => tokenizer.VocabularySize;

    public TokenizedText Tokenize(string text) => Tokenize(text, maxTokens);

    public TokenizedText Tokenize(string text, int maxTokens)
    {
        var characters = LengthOf(text, (long)maxTokens * charactersPerToken);
        var tokens = tokenizer.Tokenize(text[..characters]);
        int[] known = [.. tokens.Ids.Where(id => id != unknownId)];
        var isTruncated = tokens.IsTruncated || characters < text.Length || known.Length > maxTokens;
        return new TokenizedText(known.Length > maxTokens ? known[..maxTokens] : known, isTruncated);
    }

    public TextTokens TokenizeWhole(string text, CancellationToken cancellation = default)
    {
        var tokens = tokenizer.TokenizeWhole(text, cancellation);
        int[] known = [.. Enumerable.Range(0, tokens.Ids.Length).Where(i => tokens.Ids[i] != unknownId)];
        return tokens with
        {
            Ids = Array.ConvertAll(known, i => tokens.Ids[i]),
            Starts = Array.ConvertAll(known, i => tokens.Starts[i]),
            Ends = Array.ConvertAll(known, i => tokens.Ends[i]),
        };
    }

    public TokenPiece PieceOf(int id) => tokenizer.PieceOf(id);

    /// <summary>UTF-16 length of so many characters, counted as Python counts them.</summary>
    private static int LengthOf(string text, long characters)
    {
        var length = 0;
        for (; length < text.Length && characters > 0; characters--)
            length += char.IsSurrogatePair(text, length) ? 2 : 1;
        return length;
    }
}
