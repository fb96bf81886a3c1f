namespace ActorEmbed.Inference;

/// <summary>How token vectors become the vector of a text; the names are those of sentence-transformers.</summary>
public enum PoolingMode
{
    /// <summary>Mean over the tokens.</summary>
    Mean,

    /// <summary>The vector of the first token.</summary>
    Cls,

    /// <summary>Maximum of each component over the tokens.</summary>
    Max,

    /// <summary>The vector of the last token.</summary>
    LastToken,

    /// <summary>Mean over the tokens, the n-th with weight n.</summary>
    WeightedMean,

    /// <summary>Sum over the tokens, divided by the square root of their number.</summary>
    MeanSqrtLen,
}
