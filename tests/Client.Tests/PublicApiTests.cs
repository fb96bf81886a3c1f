using ActorEmbed.Tests.Shared.Approval;

namespace ActorEmbed.Client.Tests;

public sealed class PublicApiTests
{
    [Fact]
    public void The_public_api_is_the_approved_one()
    {
        var difference = ApprovedApi.DifferenceOf("Client", typeof(ActorEmbedClient).Assembly);

        Assert.True(difference is null, difference);
    }
}
