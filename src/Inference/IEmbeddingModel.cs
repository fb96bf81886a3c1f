namespace ActorEmbed.Inference;

/// <summary>
/// A loaded model: texts in, sentence vectors out. <see cref="Embed"/> has one caller at a time: an implementation may
/// use every core for one call, but need not survive two calls at once. Everything else is safe for concurrent use, also
/// beside it and after disposal.
/// </summary>
public interface IEmbeddingModel : IDisposable
{
    /// <summary>What was loaded.</summary>
    ModelInfo Info { get; }

    /// <summary>
    /// Computes one vector for each text, or for each of its tokens (<see cref="EmbeddingInput.EachToken"/>). The vector of a text does not depend on the texts beside it.
    /// </summary>
    /// <param name="texts">
    /// Any strings, blank ones included, or token ids below <see cref="ModelInfo.VocabularySize"/>; what exceeds
    /// <see cref="ModelInfo.MaxTokens"/> is cut off, or is <see cref="TextEmbedding.TooLong"/> where <see cref="EmbeddingInput.Truncate"/> is false.
    /// </param>
    /// <remarks>What <see cref="EmbeddingInput.Prompt"/> asks for goes before a text; both together are one string to the tokenizer.</remarks>
    /// <returns>One result for each text, in the order of <paramref name="texts"/>.</returns>
    /// <exception cref="InferenceException">The graph could not be run, or the model has no such prompt; the message names the cause.</exception>
    IReadOnlyList<TextEmbedding> Embed(IReadOnlyList<EmbeddingInput> texts);

    /// <summary>All tokens of a text, however many, with their places; the special tokens around it included. No prompt is put before it.</summary>
    /// <param name="text">Any string; an unpaired surrogate counts as U+FFFD.</param>
    /// <param name="cancellation">Cancelled when nobody wants them any more.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    TextTokens Tokenize(string text, CancellationToken cancellation = default);

    /// <summary>The vocabulary's entry for an id that <see cref="Tokenize"/> gave.</summary>
    TokenPiece PieceOf(int id);

    /// <summary>The text that token ids stand for, as far as the vocabulary still knows it: what was normalised away stays away.</summary>
    /// <param name="ids">Below <see cref="ModelInfo.VocabularySize"/>.</param>
    /// <param name="skipsSpecialTokens">Whether special tokens are left out.</param>
    /// <exception cref="InferenceException">The model's tokenizer is of a kind that cannot do that.</exception>
    string Decode(IReadOnlyList<int> ids, bool skipsSpecialTokens) => throw new InferenceException("This model does not turn tokens back into text.");
}
