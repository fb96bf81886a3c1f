using ActorEmbed.Inference.Quality;

namespace ActorEmbed.Inference.Tests;

public sealed class PrecisionComparisonTests
{
    private static readonly float[][] Vectors = [[1, 0, 0], [0.9f, 0.1f, 0], [0, 1, 0.2f], [0, 0.8f, 0.6f]];

    [Fact]
    public void Equal_sets_agree_in_everything() =>
        Assert.Equal((1d, 1d, 1d, 1d, 1d), Rounded(PrecisionComparison.Compare(Vectors, Vectors)));

    [Fact]
    public void The_length_of_a_vector_does_not_matter_to_its_cosine()
    {
        var doubled = Vectors.Select(vector => vector.Select(v => 2 * v).ToArray()).ToArray();

        Assert.Equal(1, PrecisionComparison.Compare(Vectors, doubled).MinCosine, 6);
    }

    [Fact]
    public void Mean_and_least_cosine_are_those_of_the_vectors()
    {
        var comparison = PrecisionComparison.Compare([[1, 0], [1, 0]], [[1, 0], [3, 4]]);

        Assert.Equal(0.8, comparison.MeanCosine, 6);
        Assert.Equal(0.6, comparison.MinCosine, 6);
    }

    [Fact]
    public void A_common_offset_hides_a_difference_only_until_the_vectors_are_centred()
    {
        float[][] reference = [[100, 1], [100, -1]];
        float[][] other = [[100, -1], [100, 1]];

        var comparison = PrecisionComparison.Compare(reference, other);

        Assert.True(comparison.MeanCosine > 0.999);
        Assert.Equal(-1, comparison.MeanCentredCosine, 6);
    }

    [Fact]
    public void Nearest_neighbours_and_ranks_tell_a_changed_order()
    {
        float[][] swapped = [Vectors[0], Vectors[2], Vectors[1], Vectors[3]];

        var comparison = PrecisionComparison.Compare(Vectors, swapped);

        Assert.Equal(0, comparison.NearestNeighbourAgreement);
        Assert.True(comparison.SimilaritySpearman < 0.5);
    }

    [Fact]
    public void Sets_of_different_sizes_cannot_be_compared() =>
        Assert.Throws<ArgumentException>(() => PrecisionComparison.Compare(Vectors, Vectors[..2]));

    [Theory]
    [InlineData(new[] { 1d, 2, 3, 4 }, new[] { 10d, 20, 30, 400 }, 1)]
    [InlineData(new[] { 1d, 2, 3, 4 }, new[] { 4d, 3, 2, 1 }, -1)]
    [InlineData(new[] { 1d, 2, 2, 3 }, new[] { 1d, 2, 3, 4 }, 0.9486833)]
    [InlineData(new[] { 1d, 1, 1 }, new[] { 1d, 2, 3 }, 0)]
    public void Spearman_correlates_ranks(double[] a, double[] b, double expected) =>
        Assert.Equal(expected, RankCorrelation.Spearman(a, b), 6);

    private static (double, double, double, double, double) Rounded(PrecisionComparison c) => (
        Math.Round(c.MeanCosine, 6), Math.Round(c.MinCosine, 6), Math.Round(c.MeanCentredCosine, 6),
        Math.Round(c.SimilaritySpearman, 6), c.NearestNeighbourAgreement);
}
