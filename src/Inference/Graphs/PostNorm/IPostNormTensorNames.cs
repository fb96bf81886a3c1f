namespace ActorEmbed.Inference.Graphs.PostNorm;

/// <summary>
/// What a family calls the tensors of a post-norm encoder. Names of products and normalisations are without the
/// <c>.weight</c> and <c>.bias</c> of their two tensors.
/// </summary>
internal interface IPostNormTensorNames
{
    /// <summary>What may stand before every name, the likeliest first.</summary>
    IReadOnlyList<string> Prefixes { get; }

    string TokenTable { get; }

    string PositionTable { get; }

    /// <summary>Of a table whose first row is added to every token; the file may lack it. Null where the family has none.</summary>
    string? TokenTypeTable { get; }

    /// <summary>Of a table with a column for each head that biases scores; null where the family has none.</summary>
    string? ScoreBiasTable => null;

    string EmbeddingNorm { get; }

    string Query(int layer);

    string Key(int layer);

    string Value(int layer);

    string AttentionOutput(int layer);

    string AttentionNorm(int layer);

    string FeedForwardUp(int layer);

    string FeedForwardDown(int layer);

    string FeedForwardNorm(int layer);
}
