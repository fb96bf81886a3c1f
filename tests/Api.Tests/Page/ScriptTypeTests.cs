using ActorEmbed.Api.Tests.Clients;

namespace ActorEmbed.Api.Tests.Page;

public sealed class ScriptTypeTests
{
    [NodeFact]
    public async Task The_scripts_keep_to_the_types_that_they_name() =>
        Assert.Equal("", await NodeClients.CheckTypesAsync("page.tsconfig.json"));
}
