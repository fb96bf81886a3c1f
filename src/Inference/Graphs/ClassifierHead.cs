namespace ActorEmbed.Inference.Graphs;

/// <summary>
/// What stands between the token vectors of an encoder and the one logit of a reranker, by the names of its tensors, which
/// have no prefix: pooling, a dense product, perhaps a normalisation, a last product.
/// </summary>
/// <param name="Pooling">Token vectors to the vector of the pair.</param>
/// <param name="Dense">The first product, as wide as the encoder; its bias may be missing.</param>
/// <param name="Activation">What becomes of its outputs.</param>
/// <param name="Output">The last product, to the logit.</param>
internal sealed record ClassifierHead(PoolingMode Pooling, string Dense, VectorActivation Activation, string Output)
{
    /// <summary>Rows of the encoder's table of token types, where it has one.</summary>
    public int TokenTypes { get; init; }

    /// <summary>A layer normalisation before the last product, whose shift may be missing; null for none.</summary>
    public string? Norm { get; init; }

    /// <summary>Epsilon of that normalisation.</summary>
    public float NormEpsilon { get; init; }
}
