namespace ActorEmbed.Api.Tests.Cluster;

/// <summary>A test that pulls network cables.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PartitionFactAttribute : FactAttribute
{
    public PartitionFactAttribute() => Skip = NetworkNamespaces.WhyNot;
}
