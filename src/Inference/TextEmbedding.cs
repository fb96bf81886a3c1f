namespace ActorEmbed.Inference;

/// <summary>The vector of one text.</summary>
/// <param name="Vector">Pooled, as the model gives it: not normalised unless the model's own modules say so.</param>
/// <param name="TokenCount">Tokens that reached the model, the special tokens included.</param>
/// <param name="IsTruncated">Whether the text had more tokens than the model takes.</param>
public readonly record struct TextEmbedding(float[] Vector, int TokenCount, bool IsTruncated);
