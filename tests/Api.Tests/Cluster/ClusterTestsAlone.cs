namespace ActorEmbed.Api.Tests.Cluster;

/// <summary>Four processes and their failure detectors need the cores for themselves: these run after all others.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ClusterTestsAlone
{
    public const string Name = "cluster";
}
