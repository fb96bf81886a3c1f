using System.ClientModel;
using ActorEmbed.Tests.Shared.Models;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using OllamaSharp;
using OpenAI;

namespace ActorEmbed.Api.Tests.Clients;

public sealed class DotNetClientTests
{
    private static readonly string[] Texts = ["text1", "text2"];
    private static readonly float[][] Units = [.. Texts.Select(ScriptedModel.UnitVectorOf)];

    [Fact]
    public async Task The_openai_client_works_as_it_is()
    {
        await using var server = await TestServer.StartAsync();
        var client = OpenAi(server).GetEmbeddingClient("text-embedding-3-small");

        var embeddings = (await client.GenerateEmbeddingsAsync(Texts)).Value;
        var ofIds = (await client.GenerateEmbeddingsAsync([new ReadOnlyMemory<int>([.. "text1"])])).Value;
        var refused = await Assert.ThrowsAsync<ClientResultException>(
            () => client.GenerateEmbeddingsAsync(Texts, new OpenAI.Embeddings.EmbeddingGenerationOptions { Dimensions = 1536 }));

        Assert.Equal(Units, embeddings.Select(e => e.ToFloats().ToArray()));
        Assert.Equal(14, embeddings.Usage.InputTokenCount);
        Assert.Equal(Units[0], ofIds.Single().ToFloats().ToArray());
        Assert.Equal(400, refused.Status);
    }

    [Fact]
    public async Task Semantic_kernel_works_over_its_openai_connector()
    {
        await using var server = await TestServer.StartAsync();
        var builder = Kernel.CreateBuilder();
        builder.AddOpenAIEmbeddingGenerator("text-embedding-3-small", OpenAi(server));
        var generator = builder.Build().GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();

        var embeddings = await generator.GenerateAsync(Texts);

        Assert.Equal(Units, embeddings.Select(e => e.Vector.ToArray()));
    }

    [Fact]
    public async Task Ollamasharp_works_as_it_is()
    {
        await using var server = await TestServer.StartAsync();
        using var client = new OllamaApiClient(server.Client.BaseAddress!, "nomic-embed-text");

        var embedded = await client.EmbedAsync(new() { Model = "nomic-embed-text", Input = [.. Texts] });
        var models = await client.ListLocalModelsAsync();

        Assert.Equal(Units, embedded.Embeddings);
        Assert.Equal("scripted:latest", Assert.Single(models).Name);
    }

    private static OpenAIClient OpenAi(TestServer server) => new(
        new ApiKeyCredential("unused"), new OpenAIClientOptions { Endpoint = new Uri(server.Client.BaseAddress!, "v1") });
}
