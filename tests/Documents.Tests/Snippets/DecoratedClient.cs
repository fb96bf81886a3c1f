using ActorEmbed.Client;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ActorEmbed.Documents.Tests.Snippets;

internal static class DecoratedClient
{
    public static void Add(HostApplicationBuilder builder)
    {
        #region shown
        builder.Services.AddActorEmbedSidecar(sidecar => sidecar.Port = 0);    // starts and stops with the host
        builder.Services.AddDistributedMemoryCache();
        builder.Services.AddActorEmbedClient()                                 // follows the sidecar, where there is one
            .UseDistributedCache()
            .UseLogging()
            .UseOpenTelemetry();
        builder.Services.AddHealthChecks().AddActorEmbedClient();
        #endregion
    }
}
