using ActorEmbed.Client;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ActorEmbed.Documents.Tests.Snippets;

internal static class HostedServer
{
    public static async Task RunAsync(string[] args)
    {
        #region shown
        var builder = Host.CreateApplicationBuilder(args);
        builder.Services.AddActorEmbedSidecar(sidecar => sidecar.Port = 0);   // starts and stops with the host, on a free port
        builder.Services.AddActorEmbedClient();                               // follows it
        using var host = builder.Build();
        await host.StartAsync();

        var generator = host.Services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();
        var embeddings = await generator.GenerateAsync(["The library opens at nine.", "Die Bibliothek öffnet um neun."]);
        Console.WriteLine($"{embeddings.Count} vectors of {embeddings[0].ModelId}");
        await host.StopAsync();
        #endregion
    }
}
