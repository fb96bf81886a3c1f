using ActorEmbed.Inference;

namespace ActorEmbed.Actors.Messages;

/// <summary>The vectors of the tokens of a request.</summary>
/// <param name="Model">What made them; they have its <see cref="ModelInfo.TokenDimensions"/>.</param>
/// <param name="Vectors">
/// For each text, in the order of <see cref="EmbedTokens.Texts"/>, those of its tokens one after the other. Not to be changed: equal
/// texts may share them.
/// </param>
/// <param name="TokenCounts">For each text, the tokens that reached the model, special tokens included.</param>
/// <param name="TruncatedTexts">Indices of the texts that had more tokens than the model takes.</param>
public sealed record TokensEmbedded(
    ModelInfo Model, IReadOnlyList<float[]> Vectors, IReadOnlyList<int> TokenCounts, IReadOnlyList<int> TruncatedTexts) : EmbedReply
{
    /// <summary>From receipt to the first batch.</summary>
    public TimeSpan WaitTime { get; init; }

    /// <summary>From the first batch to the answer.</summary>
    public TimeSpan InferenceTime { get; init; }

    /// <summary>Tokens of all texts that reached the model.</summary>
    public long TotalTokens => TokenCounts.Sum(count => (long)count);

    /// <summary>The vector of one token.</summary>
    /// <param name="text">Index of the text.</param>
    /// <param name="token">Place of the token in it, from 0.</param>
    public ReadOnlyMemory<float> VectorOf(int text, int token)
    {
        var dimensions = Model.TokenDimensions!.Value;
        return Vectors[text].AsMemory(token * dimensions, dimensions);
    }
}
