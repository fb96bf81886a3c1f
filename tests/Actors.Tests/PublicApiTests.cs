using System.Reflection;
using ActorEmbed.Actors.Router;
using ActorEmbed.Inference;
using ActorEmbed.Testing;
using ActorEmbed.Tests.Shared.Approval;

namespace ActorEmbed.Actors.Tests;

public sealed class PublicApiTests
{
    public static TheoryData<string, Type> Packages { get; } = new()
    {
        { "Inference", typeof(IEmbeddingModel) },
        { "Actors", typeof(BatchRouterActor) },
        { "Testing", typeof(FakeEmbeddingModel) },
    };

    [Theory]
    [MemberData(nameof(Packages))]
    public void The_public_api_is_the_approved_one(string project, Type inAssembly)
    {
        var difference = ApprovedApi.DifferenceOf(project, inAssembly.Assembly);

        Assert.True(difference is null, difference);
    }

    [Fact]
    public void Messages_between_router_and_worker_are_not_public() => Assert.DoesNotContain(
        typeof(BatchRouterActor).Assembly.GetExportedTypes(),
        type => type.Name is "EmbedBatch" or "BatchEmbedded" or "RequestWork" || type.GetCustomAttribute<ObsoleteAttribute>() is not null);
}
