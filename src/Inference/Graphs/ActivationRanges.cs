namespace ActorEmbed.Inference.Graphs;

/// <summary>What the inputs of one layer's dense products were seen to be on the calibration texts, by component.</summary>
/// <param name="AttentionInputMin">[hidden] least value of the normalised tokens before the attention.</param>
/// <param name="AttentionInputMax">[hidden] greatest value of the same.</param>
/// <param name="ContextMax">[hidden] greatest magnitude of the attention context.</param>
/// <param name="FeedForwardInputMin">[hidden] least value of the normalised tokens before the feed-forward block.</param>
/// <param name="FeedForwardInputMax">[hidden] greatest value of the same.</param>
internal sealed record ActivationRanges(
    float[] AttentionInputMin, float[] AttentionInputMax, float[] ContextMax, float[] FeedForwardInputMin, float[] FeedForwardInputMax)
{
    /// <summary>Widens the ranges by those of another run.</summary>
    public ActivationRanges Join(ActivationRanges other) => new(
        Least(AttentionInputMin, other.AttentionInputMin),
        Greatest(AttentionInputMax, other.AttentionInputMax),
        Greatest(ContextMax, other.ContextMax),
        Least(FeedForwardInputMin, other.FeedForwardInputMin),
        Greatest(FeedForwardInputMax, other.FeedForwardInputMax));

    private static float[] Least(float[] a, float[] b) => [.. a.Zip(b, MathF.Min)];

    private static float[] Greatest(float[] a, float[] b) => [.. a.Zip(b, MathF.Max)];
}
