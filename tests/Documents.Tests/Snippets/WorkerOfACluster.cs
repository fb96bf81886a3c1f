using ActorEmbed.Actors.Clustering;
using ActorEmbed.Inference;
using ActorEmbed.Inference.Loading;
using Akka.Hosting;

namespace ActorEmbed.Documents.Tests.Snippets;

internal static class WorkerOfACluster
{
    public static void Add(AkkaConfigurationBuilder akka, ClusterOptions cluster, string directory)
    {
        #region shown
        akka.WithActorEmbedWorker(cluster, () => ModelLoader.Load(directory, new ModelOptions { ComputeFingerprint = true }));
        #endregion
    }
}
