using System.Reflection;
using ActorEmbed.Actors.Router;
using ActorEmbed.Inference;
using ActorEmbed.Testing;
using PublicApiGenerator;

namespace ActorEmbed.Actors.Tests;

public sealed class PublicApiTests
{
    private static readonly ApiGeneratorOptions Plain = new() { IncludeAssemblyAttributes = false };

    public static TheoryData<string, Type> Packages { get; } = new()
    {
        { "Inference", typeof(IEmbeddingModel) },
        { "Actors", typeof(BatchRouterActor) },
        { "Testing", typeof(FakeEmbeddingModel) },
    };

    /// <summary>
    /// What hosts compile against changes only on purpose: copy the file that the message names over the approved one,
    /// and say in the changelog what changed.
    /// </summary>
    [Theory]
    [MemberData(nameof(Packages))]
    public void The_public_api_is_the_approved_one(string project, Type inAssembly)
    {
        var actual = inAssembly.Assembly.GeneratePublicApi(Plain).ReplaceLineEndings("\n").TrimEnd() + "\n";
        var approved = Path.Combine(AppContext.BaseDirectory, "public-api", $"{project}.txt");
        var received = Path.Combine(AppContext.BaseDirectory, "public-api", $"{project}.received.txt");
        Directory.CreateDirectory(Path.GetDirectoryName(received)!);
        File.WriteAllText(received, actual);

        Assert.True(
            File.Exists(approved) && File.ReadAllText(approved).ReplaceLineEndings("\n") == actual,
            $"The public API of {project} is not that of src/{project}/PublicApi.txt; it is now {received}.");
    }

    [Fact]
    public void Messages_between_router_and_worker_are_not_public() => Assert.DoesNotContain(
        typeof(BatchRouterActor).Assembly.GetExportedTypes(),
        type => type.Name is "EmbedBatch" or "BatchEmbedded" or "RequestWork" || type.GetCustomAttribute<ObsoleteAttribute>() is not null);
}
