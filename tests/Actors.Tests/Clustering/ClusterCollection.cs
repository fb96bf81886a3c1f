namespace ActorEmbed.Actors.Tests.Clustering;

/// <summary>Several actor systems with failure detectors on real time need the cores for themselves.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ClusterCollection
{
    public const string Name = "cluster";
}
