namespace ActorEmbed.Inference;

/// <summary>The vector of one text.</summary>
/// <param name="Vector">
/// Pooled, as the model gives it: not normalised unless the model's own modules say so. Of an input with
/// <see cref="EmbeddingInput.EachToken"/> those of its tokens, one after the other. Empty where the text was too long and not to be
/// truncated (<see cref="EmbeddingInput.Truncate"/>).
/// </param>
/// <param name="TokenCount">Tokens that reached the model, the special tokens included.</param>
/// <param name="IsTruncated">Whether the text had more tokens than the model takes.</param>
public readonly record struct TextEmbedding(float[] Vector, int TokenCount, bool IsTruncated)
{
    /// <summary>What a text gets that has too many tokens and is not to be truncated: it never reached the model.</summary>
    public static TextEmbedding TooLong { get; } = new([], 0, IsTruncated: true);

    /// <summary>Whether this is <see cref="TooLong"/>.</summary>
    public bool IsTooLong => IsTruncated && Vector.Length == 0;
}
