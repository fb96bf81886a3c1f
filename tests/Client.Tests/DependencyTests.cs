namespace ActorEmbed.Client.Tests;

public sealed class DependencyTests
{
    [Fact]
    public void The_client_knows_the_server_only_by_http()
    {
        var references = typeof(ActorEmbedClient).Assembly.GetReferencedAssemblies().Select(reference => reference.Name!);

        Assert.DoesNotContain(references, name => name.StartsWith("ActorEmbed", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("Akka", StringComparison.Ordinal) || name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));
    }
}
