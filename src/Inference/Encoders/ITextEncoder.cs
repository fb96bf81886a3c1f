namespace ActorEmbed.Inference.Encoders;

/// <summary>Token ids to pooled vectors. One call goes on at a time; it may use every core.</summary>
internal interface ITextEncoder : IDisposable
{
    /// <summary>Length of each vector.</summary>
    int Dimensions { get; }

    /// <summary>Cuts any number of texts into runs of the graph that suit it, and runs them.</summary>
    /// <param name="texts">Token ids of each text, special tokens included.</param>
    /// <param name="unpooled">Of each text, how many of its first tokens do not count in the pooling; empty where all count.</param>
    /// <param name="types">Of each text the types of its tokens, null where all are 0; empty where that is so of all texts.</param>
    /// <returns>The pooled vector of each text, in order; not normalised.</returns>
    /// <exception cref="InferenceException">The graph could not be run on these texts.</exception>
    float[][] Encode(ReadOnlySpan<int[]> texts, ReadOnlySpan<int> unpooled = default, ReadOnlySpan<int[]?> types = default);

    /// <summary>Length of the vector of a token; null where there are only those of texts.</summary>
    int? TokenDimensions => null;

    /// <summary>The vectors of all tokens, as they are before the pooling.</summary>
    /// <param name="texts">As for <see cref="Encode"/>.</param>
    /// <returns>For each text, in order, [tokens, <see cref="TokenDimensions"/>].</returns>
    /// <exception cref="InferenceException">The graph could not be run on these texts, or has no such vectors.</exception>
    float[][] EncodeTokens(ReadOnlySpan<int[]> texts) => throw new InferenceException("The model gives no vectors of tokens.");
}
