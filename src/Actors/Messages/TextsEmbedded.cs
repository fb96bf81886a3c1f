using ActorEmbed.Inference;

namespace ActorEmbed.Actors.Messages;

/// <summary>The vectors of a request.</summary>
/// <param name="Model">What made them.</param>
/// <param name="Vectors">
/// [texts, dimensions], in the order of <see cref="EmbedTexts.Texts"/>, cut to <see cref="EmbedTexts.Dimensions"/>. Not to
/// be changed: equal texts may share one.
/// </param>
/// <param name="TokenCounts">For each text, the tokens that reached the model, special tokens included.</param>
/// <param name="TruncatedTexts">Indices of the texts that had more tokens than the model takes.</param>
public sealed record TextsEmbedded(
    ModelInfo Model, IReadOnlyList<float[]> Vectors, IReadOnlyList<int> TokenCounts, IReadOnlyList<int> TruncatedTexts) : EmbedReply
{
    /// <summary>From receipt to the first batch.</summary>
    public TimeSpan WaitTime { get; init; }

    /// <summary>From the first batch to the answer.</summary>
    public TimeSpan InferenceTime { get; init; }

    /// <summary>Tokens of all texts that reached the model.</summary>
    public long TotalTokens => TokenCounts.Sum(count => (long)count);
}
