using System.Buffers;
using Microsoft.ML.Tokenizers;

namespace ActorEmbed.Inference;

/// <summary>
/// A model's tokenizer as the type that .NET hosts know: to count tokens, to cut a text at a number of them, and to find
/// where they stand. It tells of the text itself: the special tokens that the model gets around it are not counted, and
/// <see cref="MaxTokensOfText"/> leaves room for them. Safe for concurrent use.
/// </summary>
public sealed class EmbeddingTokenizer : Tokenizer
{
    // A token for every 16 characters, and as many again: what follows is too far away to change the tokens asked for.
    private const int CharactersPerToken = 32;
    private const int LeastCharacters = 1024;
    private const int TokensBesideCut = 32;
    private const int Growth = 4;

    private readonly Func<string, TextTokens> _tokenize;
    private readonly Func<int, TokenPiece> _pieceOf;

    /// <summary>The tokenizer of a loaded model, which may be disposed meanwhile.</summary>
    public EmbeddingTokenizer(IEmbeddingModel model)
        : this(
            (model ?? throw new ArgumentNullException(nameof(model))).Info.MaxTokens,
            text => model.Tokenize(text),
            model.PieceOf)
    {
    }

    internal EmbeddingTokenizer(int maxTokens, Func<string, TextTokens> tokenize, Func<int, TokenPiece> pieceOf)
    {
        (_tokenize, _pieceOf) = (tokenize, pieceOf);
        var nothing = tokenize("");
        MaxTokensOfText = Math.Max(1, maxTokens - nothing.CountBefore - nothing.CountAfter);
    }

    /// <summary>Tokens of a text that reach the model; what is longer is truncated.</summary>
    public int MaxTokensOfText { get; }

    /// <summary>Not supported: vectors are made of texts, and no text is made of tokens.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override OperationStatus Decode(IEnumerable<int> ids, Span<char> destination, out int idsConsumed, out int charsWritten) =>
        throw new NotSupportedException("An embedding model's tokens are not turned back into text.");

    /// <inheritdoc />
    protected override EncodeResults<EncodedToken> EncodeToTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        var (tokens, count, consumed) = Read(text, textSpan, settings);
        return new EncodeResults<EncodedToken>
        {
            Tokens = [.. Enumerable.Range(tokens.CountBefore, count).Select(i =>
                new EncodedToken(tokens.Ids[i], _pieceOf(tokens.Ids[i]).Text, tokens.Starts[i]..tokens.Ends[i]))],
            CharsConsumed = consumed,
        };
    }

    /// <inheritdoc />
    protected override EncodeResults<int> EncodeToIds(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        var (tokens, count, consumed) = Read(text, textSpan, settings);
        return new EncodeResults<int> { Tokens = tokens.Ids[tokens.CountBefore..(tokens.CountBefore + count)], CharsConsumed = consumed };
    }

    /// <inheritdoc />
    protected override int CountTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings) =>
        Read(text, textSpan, settings).Count;

    /// <inheritdoc />
    protected override int GetIndexByTokenCount(
        string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings, bool fromEnd, out string? normalizedText, out int tokenCount)
    {
        normalizedText = null;
        if (!fromEnd)
        {
            (_, tokenCount, var consumed) = Read(text, textSpan, settings);
            return consumed;
        }

        var whole = text ?? textSpan.ToString();
        var tokens = _tokenize(whole);
        var total = CountOf(tokens);
        tokenCount = Math.Min(total, settings.MaxTokenCount);
        var first = tokens.CountBefore + total - tokenCount;
        for (; tokenCount > 0 && first > tokens.CountBefore && tokens.Starts[first] < tokens.Ends[first - 1]; first++)
            tokenCount--;
        return tokenCount == total ? 0 : tokenCount == 0 ? whole.Length : tokens.Starts[first];
    }

    private static int CountOf(TextTokens tokens) => tokens.Ids.Length - tokens.CountBefore - tokens.CountAfter;

    /// <summary>The first tokens of a text, how many of them are wanted, and where the rest of the text begins.</summary>
    private (TextTokens Tokens, int Count, int Consumed) Read(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        if (settings.MaxTokenCount <= 0)
            throw new ArgumentOutOfRangeException(nameof(settings), settings.MaxTokenCount, "The maximum of tokens must be above zero.");
        var whole = text is null ? textSpan : text.AsSpan();
        for (var length = Math.Max(LeastCharacters, (long)CharactersPerToken * settings.MaxTokenCount); ; length *= Growth)
        {
            var isCut = length < whole.Length;
            var tokens = _tokenize((isCut ? whole[..(int)length] : whole).ToString());
            var total = CountOf(tokens);
            if (isCut && total < (long)settings.MaxTokenCount + TokensBesideCut)
                continue;
            var count = Math.Min(total, settings.MaxTokenCount);
            if (count == total && !isCut)
                return (tokens, count, whole.Length);

            // The tokens of one character belong together.
            var next = tokens.CountBefore + count;
            for (; count > 0 && tokens.Starts[next] < tokens.Ends[next - 1]; next--)
                count--;
            return (tokens, count, tokens.Starts[next]);
        }
    }
}
