using System.Globalization;
using ActorEmbed.Actors.Clustering;
using ActorEmbed.Api;
using ActorEmbed.Api.Hosting;
using ActorEmbed.Api.Hosting.Models;

namespace ActorEmbed.ClusterBench;

/// <summary>Inference nodes as they are shipped, several in one process: each an actor system with a port of its own.</summary>
internal static class WorkersProcess
{
    public const string Command = "workers";

    public static Task RunAsync(int count, int clusterPort) => Task.WhenAll(Enumerable.Range(0, count).Select(_ =>
    {
        var cluster = new ClusterOptions
        {
            Roles = ClusterRoles.Inference,
            Port = 0,
            SeedNodes = [string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{clusterPort}")],
        };
        return InferenceApplication.RunAsync(new ServerOptions { Cluster = cluster }, [new ModelToServe(_ => new SleepingModel())], TextWriter.Null, CancellationToken.None);
    }));
}
