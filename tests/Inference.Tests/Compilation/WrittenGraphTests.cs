using System.Security.Cryptography;
using ActorEmbed.Inference.Compilation.Cache;
using ActorEmbed.Inference.Graphs;

namespace ActorEmbed.Inference.Tests.Compilation;

/// <summary>
/// A graph that is written differently makes compiled models on users' disks worth building again: raise
/// <see cref="PackedGraph.Version"/> with every change of these sums.
/// </summary>
public sealed class WrittenGraphTests
{
    [Theory]
    [InlineData("bert")]
    [InlineData("xlm-roberta")]
    public void The_graph_of_a_family_is_the_same_to_the_byte_for_as_long_as_its_version_is(string modelType)
    {
        using var model = new SeededModel(modelType, layers: 2, hidden: 128, heads: 4, feedForward: 256);
        CompiledModels.Open(model).Dispose();
        var directory = Directory.GetDirectories(Path.Combine(model.Directory, ".actorembed")).Single();

        Assert.Equal(6, PackedGraph.Version);
        Assert.Equal("1138c0ea964ecd58", Sum(Path.Combine(directory, CompiledModelFiles.Graph)));
        Assert.Equal("5af85ef73fc9d116", Sum(Path.Combine(directory, CompiledModelFiles.Weights)));
    }

    private static string Sum(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))[..16];
}
