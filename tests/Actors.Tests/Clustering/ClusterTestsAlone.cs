namespace ActorEmbed.Actors.Tests.Clustering;

/// <summary>Several actor systems with failure detectors on real time need the cores for themselves.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ClusterTestsAlone
{
    public const string Name = "cluster";
}
