using ActorEmbed.Actors.Clustering;
using ActorEmbed.Api;
using ActorEmbed.Api.Hosting;

namespace ActorEmbed.ClusterBench;

/// <summary>The server as it is shipped, as a router.</summary>
internal static class RouterProcess
{
    public const string Command = "router";

    public static async Task RunAsync(int httpPort, int clusterPort)
    {
        var options = new ServerOptions { Port = httpPort, Cluster = new ClusterOptions { Roles = ClusterRoles.Router, Port = clusterPort } };
        await using var app = ServerApplication.Build(options, () => throw new InvalidOperationException("A router has no model."), Console.Out);
        await app.RunAsync();
    }
}
