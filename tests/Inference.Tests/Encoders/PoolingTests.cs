using ActorEmbed.Inference.Encoders;

namespace ActorEmbed.Inference.Tests.Encoders;

public sealed class PoolingTests
{
    private static readonly float[] ThreeTokens = [1, -5, 4, 2, 1, -3];

    [Theory]
    [InlineData(PoolingMode.Mean, 2f, -2f)]
    [InlineData(PoolingMode.Cls, 1f, -5f)]
    [InlineData(PoolingMode.Max, 4f, 2f)]
    [InlineData(PoolingMode.LastToken, 1f, -3f)]
    [InlineData(PoolingMode.WeightedMean, 2f, -5f / 3)]
    [InlineData(PoolingMode.MeanSqrtLen, 3.4641016f, -3.4641016f)]
    internal void Token_vectors_are_pooled_as_the_mode_says(PoolingMode mode, float first, float second) =>
        Assert.Equal([first, second], Pooling.Pool(mode, ThreeTokens, dimensions: 2).Select(component => MathF.Round(component, 5)), (expected, actual) => Math.Abs(expected - actual) < 1e-5f);

    [Fact]
    public void A_zero_vector_stays_zero_when_normalised() => Assert.Equal([0f, 0f], VectorNorm.Normalize([0, 0]));
}
