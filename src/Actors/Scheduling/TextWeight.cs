using System.Text;
using ActorEmbed.Inference;

namespace ActorEmbed.Actors.Scheduling;

/// <summary>A cheap estimate of a text's tokens, for the router, which does not tokenize.</summary>
internal static class TextWeight
{
    /// <summary>
    /// Where a text is taken to be truncated before a model has said its maximum: that of most encoders.
    /// </summary>
    public const int DefaultMaxTokens = 512;

    // How long the vector of a token is taken to be until then: that of the large models, most have less.
    private const int DefaultTokenDimensions = 1024;

    // Up to here attention is a small part of a text's cost: it is left out.
    private const int TokensOfEvenCost = 512;

    // A text of so many tokens costs as much for its attention as for everything else. Of the shapes of the families that are
    // compiled, products and attention of single precision meet at 2,300 (384 dimensions) to 4,600 tokens (768), those
    // of bytes at a third of that.
    private const int TokensOfEqualParts = 2048;

    // Over 14 languages a SentencePiece token is 3 to 7 bytes of UTF-8: 4 letters in English, 1.5 characters in Chinese.
    private const int BytesPerToken = 4;

    /// <param name="text">The text; its query adds to it as a prompt does.</param>
    /// <param name="maxTokens">Where the model truncates; an estimate never exceeds it.</param>
    public static int Estimate(EmbeddingInput text, int maxTokens) => text.TokenIds is { } ids
        ? Math.Min(maxTokens, ids.Length + ModelInfo.SpecialTokensAround)
        : Estimate(text.Text!, maxTokens);

    /// <summary>What a text of so many tokens costs, in tokens of short texts: attention grows with the square of the length.</summary>
    public static int CostOf(int tokens)
    {
        if (tokens <= TokensOfEvenCost)
            return tokens;
        var pairs = ((long)tokens * tokens) - (TokensOfEvenCost * TokensOfEvenCost);
        return (int)Math.Min(int.MaxValue / 2, tokens + (pairs / TokensOfEqualParts));
    }

    /// <inheritdoc cref="BytesOf(EmbeddingInput)" />
    public static long BytesOf(string text) => (long)text.Length * sizeof(char);

    /// <summary>Memory, in bytes; that of a query included.</summary>
    public static long BytesOf(EmbeddingInput text) =>
        text.TokenIds is { } ids ? (long)ids.Length * sizeof(int) : BytesOf(text.Text!) + BytesOf(text.Query ?? "");

    /// <summary>Tokens that a prompt adds to each text, before the text is cut.</summary>
    public static int OfPrompt(string prompt) => Encoding.UTF8.GetByteCount(prompt) / BytesPerToken;

    /// <inheritdoc cref="OfPrompt(string)" />
    /// <param name="choice">Which prompt; null for the default.</param>
    /// <param name="model">Null before it is known, and 0 comes out.</param>
    public static int OfPrompt(PromptChoice? choice, ModelInfo? model) =>
        model is not null && model.Prompts.TryFind(choice, out var prompt, out _) && prompt is not null ? OfPrompt(prompt.Text) : 0;

    /// <summary>
    /// Memory of the vectors of all tokens, in bytes. It is what bounds memory, so it is no estimate: a token stands for a byte at least,
    /// or around the text.
    /// </summary>
    /// <param name="texts">The texts.</param>
    /// <param name="prompt">Goes before each text.</param>
    /// <param name="model">Null before there is one.</param>
    public static long MostBytesOfTokenVectors(IReadOnlyList<EmbeddingInput> texts, PromptChoice? prompt, ModelInfo? model)
    {
        var maxTokens = model?.MaxTokens ?? DefaultMaxTokens;
        var beside = ModelInfo.SpecialTokensAround + ((OfPrompt(prompt, model) + 1) * BytesPerToken);
        var tokens = texts.Sum(text => Math.Min((long)maxTokens, beside + (text.TokenIds?.Length ?? BytesUpTo(maxTokens, text.Text!))));
        return tokens * (model?.TokenDimensions ?? DefaultTokenDimensions) * sizeof(float);

        // What a longer text has beyond this cannot change the sum: every character has at least one byte.
        static int BytesUpTo(int characters, string text) => Encoding.UTF8.GetByteCount(text.AsSpan(0, Math.Min(text.Length, characters)));
    }

    /// <inheritdoc cref="Estimate(EmbeddingInput, int)" />
    public static int Estimate(string text, int maxTokens)
    {
        // What a longer text has beyond this cannot change the answer: every character has at least one byte.
        var considered = Math.Min(text.Length, (long)maxTokens * BytesPerToken);
        var bytes = Encoding.UTF8.GetByteCount(text.AsSpan(0, (int)considered));
        return Math.Min(maxTokens, ModelInfo.SpecialTokensAround + (bytes / BytesPerToken));
    }
}
