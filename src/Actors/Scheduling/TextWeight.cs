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

    // Over 14 languages a SentencePiece token is 3 to 7 bytes of UTF-8: 4 letters in English, 1.5 characters in Chinese.
    private const int BytesPerToken = 4;

    /// <param name="text">The text.</param>
    /// <param name="maxTokens">Where the model truncates; an estimate never exceeds it.</param>
    public static int Estimate(EmbeddingInput text, int maxTokens) => text.TokenIds is { } ids
        ? Math.Min(maxTokens, ids.Length + ModelInfo.SpecialTokensAround)
        : Estimate(text.Text!, maxTokens);

    /// <inheritdoc cref="BytesOf(EmbeddingInput)" />
    public static long BytesOf(string text) => (long)text.Length * sizeof(char);

    /// <summary>Memory, in bytes.</summary>
    public static long BytesOf(EmbeddingInput text) =>
        text.TokenIds is { } ids ? (long)ids.Length * sizeof(int) : BytesOf(text.Text!);

    /// <summary>Tokens that a prompt adds to each text, before the text is cut.</summary>
    public static int OfPrompt(string prompt) => Encoding.UTF8.GetByteCount(prompt) / BytesPerToken;

    private static int Estimate(string text, int maxTokens)
    {
        // What a longer text has beyond this cannot change the answer: every character has at least one byte.
        var considered = Math.Min(text.Length, (long)maxTokens * BytesPerToken);
        var bytes = Encoding.UTF8.GetByteCount(text.AsSpan(0, (int)considered));
        return Math.Min(maxTokens, ModelInfo.SpecialTokensAround + (bytes / BytesPerToken));
    }
}
