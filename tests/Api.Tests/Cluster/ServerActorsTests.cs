using System.Runtime.Serialization;
using System.Text;
using ActorEmbed.Actors.Clustering;
using ActorEmbed.Api.Hosting;
using ActorEmbed.Api.Hosting.Models;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ActorEmbed.Api.Tests.Cluster;

[Collection(ClusterTestsAlone.Name)]
public sealed class ServerActorsTests
{
    private const int JsonSerializer = 1;

    [Fact]
    public async Task A_node_makes_no_object_because_bytes_from_the_port_name_its_type()
    {
        var options = new ServerOptions { Cluster = new ClusterOptions { Roles = ClusterRoles.Router, Port = 0 } };
        using var host = new HostBuilder()
            .ConfigureServices(services => services.AddLogging().AddAkka(
                ServerActors.SystemName,
                (akka, provider) => akka.WithServerActors(provider, options, [ModelToServe.Elsewhere], CancellationToken.None)))
            .Build();
        await host.StartAsync();
        var serialization = host.Services.GetRequiredService<ActorSystem>().Serialization;
        var bytes = Encoding.UTF8.GetBytes($$"""{"$type":"{{typeof(List<int>).AssemblyQualifiedName}}","$values":[1]}""");

        Assert.Throws<SerializationException>(() => serialization.Deserialize(bytes, JsonSerializer, ""));
        Assert.Throws<SerializationException>(() => serialization.Deserialize(bytes, JsonSerializer, typeof(List<int>)));

        await host.StopAsync();
    }
}
