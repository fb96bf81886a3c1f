using ActorEmbed.Actors.Clustering;
using ActorEmbed.Actors.Hosting;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ActorEmbed.Documents.Tests.Snippets;

internal static class RouterOfACluster
{
    public static void Add(IServiceCollection services, string secret)
    {
        #region shown
        var cluster = new ClusterOptions { Roles = ClusterRoles.Router, Advertise = "10.0.0.1", SeedNodes = ["10.0.0.1:8422"], Secret = secret };
        services.AddAkka("my-app", akka => akka
            .WithActorEmbedClustering("my-app", cluster)       // not for a host that is in a cluster already
            .WithActorEmbedRouter(cluster));
        services.AddActorEmbedGenerator();
        #endregion
    }
}
