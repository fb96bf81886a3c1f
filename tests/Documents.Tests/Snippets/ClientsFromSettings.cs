using ActorEmbed.Client;
using Microsoft.Extensions.Hosting;

namespace ActorEmbed.Documents.Tests.Snippets;

internal static class ClientsFromSettings
{
    public static void Add(HostApplicationBuilder builder)
    {
        #region shown
        builder.Services.AddActorEmbedClient(builder.Configuration.GetSection("ActorEmbed"));
        builder.Services.AddKeyedActorEmbedClient("archive", builder.Configuration.GetSection("Archive"));   // [FromKeyedServices("archive")]
        #endregion
    }
}
