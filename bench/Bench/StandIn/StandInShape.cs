namespace ActorEmbed.Bench.StandIn;

/// <summary>
/// The architecture of paraphrase-multilingual-mpnet-base-v2, which is XLM-RoBERTa base. Speed and memory depend on
/// these figures, not on the values of the weights.
/// </summary>
internal static class StandInShape
{
    public const int Layers = 12;
    public const int Hidden = 768;
    public const int Heads = 12;
    public const int FeedForward = 3072;
    public const int Vocabulary = 250_002;
    public const int Positions = 514;
    public const int MaxTokens = 128;
    public const float NormEpsilon = 1e-5f;

    /// <summary>Ids below this one are special tokens.</summary>
    public const int FirstOrdinaryId = 4;
}
