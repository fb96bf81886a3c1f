using ActorEmbed.Actors.Hosting;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ActorEmbed.Documents.Tests.Snippets;

internal static class SeveralModels
{
    public static async Task<float[]> RunAsync(HostApplicationBuilder builder)
    {
        #region shown
        builder.Services.AddActorEmbed("search", options => options.Model = "actorembed-starter-multilingual-256");
        builder.Services.AddActorEmbed("similar", options => options.Model = "all-MiniLM-L6-v2");
        using var host = builder.Build();
        await host.StartAsync();

        var search = host.Services.GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>("search");
        var vector = await search.GenerateVectorAsync("some text");
        #endregion

        await host.StopAsync();
        return vector.ToArray();
    }
}
