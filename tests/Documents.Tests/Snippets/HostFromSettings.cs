using ActorEmbed.Actors.Hosting;
using Microsoft.Extensions.Hosting;

namespace ActorEmbed.Documents.Tests.Snippets;

internal static class HostFromSettings
{
    public static void Add(HostApplicationBuilder builder)
    {
        #region shown
        builder.Services.AddActorEmbed(builder.Configuration.GetSection("ActorEmbed"));
        #endregion
    }
}
