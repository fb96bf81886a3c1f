namespace ActorEmbed.Inference.Graphs;

/// <summary>
/// Inputs and output of a compiled graph. T tokens of B texts lie packed without padding; only the attention core
/// sees the texts padded to S.
/// </summary>
internal static class PackedGraph
{
    /// <summary>Raised with every change that makes a graph built before worth building again.</summary>
    public const int Version = 6;

    /// <summary>float [T, hidden]: the row of the token table of each token.</summary>
    public const string TokenRows = "token_rows";

    /// <summary>int32 [T]: the id of each token; in place of <see cref="TokenRows"/> where the table is in the graph.</summary>
    public const string TokenIds = "token_ids";

    /// <summary>
    /// int32 [B, S]: the padded place of each packed token, and behind them the places that are padding; only where the device has
    /// attention over packed texts.
    /// </summary>
    public const string TokenPlaces = "token_places";

    /// <summary>int32 [B + 1]: where each text begins among the packed tokens, and where the last ends; only where attention is an operator over packed texts.</summary>
    public const string TextStarts = "text_starts";

    /// <summary>int32 [T]: the row of the position table of each token.</summary>
    public const string TokenPositions = "token_positions";

    /// <summary>int32 [T]: which text of its pair each token belongs to; only with <see cref="EncoderArchitecture.TokenTypes"/>.</summary>
    public const string TokenTypes = "token_types";

    /// <summary>int32 [B, S]: the packed token that is pooled at each padded place; the text's first one that counts on all others.</summary>
    public const string PaddedTokens = "padded_tokens";

    /// <summary>int32 [B, heads, S]: the row of the query of each padded place, in rows of one head.</summary>
    public const string PaddedHeads = "padded_heads";

    /// <summary>float [B, 1, 1, S]: 0 for a token, <see cref="MaskedScore"/> for padding.</summary>
    public const string AttentionMask = "attention_mask";

    /// <summary>int32 [T, heads]: the padded row of each head of each token.</summary>
    public const string PackedHeads = "packed_heads";

    /// <summary>float [B, 1, S]: 1 / count for a token that counts, 0 for all others; only with mean pooling.</summary>
    public const string MeanWeights = "mean_weights";

    /// <summary>As <see cref="MeanWeights"/>, for <see cref="PoolingMode.LastToken"/>.</summary>
    public const string LastTokenWeights = "last_token_weights";

    /// <summary>As <see cref="MeanWeights"/>, for <see cref="PoolingMode.WeightedMean"/>.</summary>
    public const string RisingWeights = "rising_weights";

    /// <summary>As <see cref="MeanWeights"/>, for <see cref="PoolingMode.MeanSqrtLen"/>.</summary>
    public const string MeanSqrtLenWeights = "mean_sqrt_len_weights";

    /// <summary>float [B, hidden]: the pooled vectors.</summary>
    public const string Vectors = "vectors";

    /// <summary>
    /// Not an input: what the graph's file says of its products of bytes, the share of them whose inputs were observed on the
    /// calibration texts.
    /// </summary>
    public const string CalibratedShare = "calibrated_share";

    /// <summary>Far below any real score, so that the exponential is exactly zero.</summary>
    public const float MaskedScore = -10_000f;

    /// <summary>
    /// S is a multiple of this even for a text alone: an odd tail takes another path through the attention kernels,
    /// which changes the last bits (measured 2.4e-7).
    /// </summary>
    public const int PaddingMultiple = 8;

    public static int Padded(int tokens) => (tokens + PaddingMultiple - 1) / PaddingMultiple * PaddingMultiple;
}
