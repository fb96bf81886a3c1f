namespace ActorEmbed.Inference;

/// <summary>
/// A loaded model: texts in, sentence vectors out. One caller at a time: an implementation may use every core for
/// one call, but need not survive two calls at once.
/// </summary>
public interface IEmbeddingModel : IDisposable
{
    /// <summary>What was loaded.</summary>
    ModelInfo Info { get; }

    /// <summary>
    /// Computes one vector for each text. The vector of a text does not depend on the texts beside it.
    /// </summary>
    /// <param name="texts">Any strings, blank ones included; what exceeds <see cref="ModelInfo.MaxTokens"/> is cut off.</param>
    /// <returns>One result for each text, in the order of <paramref name="texts"/>.</returns>
    /// <exception cref="InferenceException">The graph could not be run; the message names the cause.</exception>
    IReadOnlyList<TextEmbedding> Embed(IReadOnlyList<string> texts);
}
