namespace ActorEmbed.Inference.Graphs.RotaryPostNorm;

/// <summary>What a family calls the tensors that all encoders with rotary positions and post-norm layers have.</summary>
/// <param name="EmbeddingNorm">The normalisation of the embeddings.</param>
/// <param name="Layer">What stands before the names of a layer, without its number.</param>
/// <param name="QueryKeyValue">Within a layer: the joined projections.</param>
/// <param name="AttentionOutput">Within a layer: the projection of the context.</param>
/// <param name="AttentionNorm">Within a layer: the normalisation after the attention.</param>
/// <param name="FeedForwardNorm">Within a layer: the normalisation after the feed-forward block.</param>
internal sealed record RotaryPostNormNames(
    string EmbeddingNorm, string Layer, string QueryKeyValue, string AttentionOutput, string AttentionNorm, string FeedForwardNorm)
{
    public const string TokenTable = "embeddings.word_embeddings.weight";

    /// <summary>Its first row is added to every token; the file may lack it.</summary>
    public const string TokenTypeTable = "embeddings.token_type_embeddings.weight";
}
