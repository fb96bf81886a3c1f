namespace ActorEmbed.Api.Tests.Clients;

/// <summary>A test that needs Node.js and the packages of tests/clients-js.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NodeFactAttribute : FactAttribute
{
    public NodeFactAttribute() => Skip = NodeClients.WhyNot;
}
