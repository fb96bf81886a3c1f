namespace ActorEmbed.Inference;

/// <summary>Shorter ways to call a model.</summary>
public static class EmbeddingModelExtensions
{
    /// <summary>Computes one vector for each text, as <see cref="IEmbeddingModel.Embed"/> does.</summary>
    /// <inheritdoc cref="IEmbeddingModel.Embed" />
    public static IReadOnlyList<TextEmbedding> Embed(this IEmbeddingModel model, IReadOnlyList<string> texts)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Embed(texts.Select(EmbeddingInput.FromString).ToArray());
    }
}
