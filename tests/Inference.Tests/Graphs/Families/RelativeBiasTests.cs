using ActorEmbed.Inference.Graphs.Families.MpNet;

namespace ActorEmbed.Inference.Tests.Graphs.Families;

public sealed class RelativeBiasTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(7, 7)]
    [InlineData(8, 8)]
    [InlineData(11, 8)]
    [InlineData(12, 9)]
    [InlineData(15, 9)]
    [InlineData(16, 10)]
    [InlineData(22, 10)]
    [InlineData(23, 11)]
    [InlineData(31, 11)]
    [InlineData(32, 12)]
    [InlineData(45, 12)]
    [InlineData(46, 13)]
    [InlineData(63, 13)]
    [InlineData(64, 14)]
    [InlineData(90, 14)]
    [InlineData(91, 15)]
    [InlineData(100_000, 15)]
    [InlineData(-1, 17)]
    [InlineData(-64, 30)]
    [InlineData(-511, 31)]
    public void Buckets_change_where_the_modelling_code_changes_them(int distance, int bucket) =>
        Assert.Equal(bucket, RelativeBias.BucketOf(distance));
}
