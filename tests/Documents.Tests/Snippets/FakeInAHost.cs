using ActorEmbed.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace ActorEmbed.Documents.Tests.Snippets;

internal static class FakeInAHost
{
    public static async Task<float[]> RunAsync(HostApplicationBuilder builder)
    {
        #region shown
        var model = new FakeEmbeddingModel(dimensions: 8);
        builder.Services.AddFakeEmbeddingModel(model);   // beside the registrations of the host, e.g. in ConfigureTestServices
        using var host = builder.Build();
        await host.StartAsync();

        var generator = host.Services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();
        var vector = await generator.GenerateVectorAsync("some text");
        Assert.Equal(model.UnitVectorOf("some text"), vector.ToArray());
        Assert.Equal(["some text"], Assert.Single(model.Batches));
        #endregion
        return vector.ToArray();
    }
}
