using ActorEmbed.Actors.Hosting;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ActorEmbed.Documents.Tests.Snippets;

internal static class HostedModel
{
    public static async Task RunAsync(string[] args)
    {
        #region shown
        var builder = Host.CreateApplicationBuilder(args);
        builder.Services.AddActorEmbed(options => options.Model = "actorembed-starter-multilingual-256");
        using var host = builder.Build();
        await host.StartAsync();

        var generator = host.Services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();
        var embeddings = await generator.GenerateAsync(["The library opens at nine.", "Die Bibliothek öffnet um neun."]);
        Console.WriteLine($"{embeddings.Count} vectors of {embeddings[0].Vector.Length} numbers");
        await host.StopAsync();
        #endregion
    }
}
