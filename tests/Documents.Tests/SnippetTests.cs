using ActorEmbed.Actors.Hosting;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Client;
using ActorEmbed.Documents.Tests.Snippets;
using ActorEmbed.Inference;
using ActorEmbed.Inference.Hub;
using ActorEmbed.Testing;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Xunit;

namespace ActorEmbed.Documents.Tests;

/// <summary>What the documents show does what they say.</summary>
public sealed class SnippetTests
{
    [Fact]
    public Task A_program_with_a_model_of_its_own_runs() => HostedModel.RunAsync([]);

    [Fact]
    public Task A_program_with_a_server_of_its_own_runs() => HostedServer.RunAsync([]);

    [Fact]
    public async Task A_sidecar_gives_vectors_without_a_host() => Assert.Equal(2, (await Sidecar.RunAsync()).Length);

    [Fact]
    public void A_model_alone_gives_vectors() => Assert.Equal(2, ModelAlone.Embed().Count);

    [Fact]
    public async Task A_host_with_akka_asks_the_router()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddFakeEmbeddingModel();

        Assert.IsType<TextsEmbedded>(await HostWithAkka.RunAsync(builder));
    }

    [Fact]
    public async Task A_router_with_a_reranker_scores_texts()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddFakeEmbeddingModel(FakeEmbeddingModel.Reranker());
        builder.Services.AddActorEmbed(options => options.Model = "BAAI/bge-reranker-v2-m3");
        using var host = builder.Build();
        await host.StartAsync();

        var (ranked, best) = await RankedTexts.AskAsync(host.Services.GetRequiredService<IRequiredActor<Actors.Router.BatchRouterActor>>().ActorRef);
        await host.StopAsync();

        Assert.Equal((2, ranked.Scores.Max()), (ranked.Scores.Count, ranked.Scores[best]));
    }

    [Fact]
    public async Task A_router_gives_a_vector_for_each_token()
    {
        var model = new FakeEmbeddingModel();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddFakeEmbeddingModel(model);
        builder.Services.AddActorEmbed(options => options.Model = "all-MiniLM-L6-v2");
        using var host = builder.Build();
        await host.StartAsync();

        var first = await TokenVectors.AskAsync(host.Services.GetRequiredService<IRequiredActor<Actors.Router.BatchRouterActor>>().ActorRef);
        await host.StopAsync();

        Assert.Equal(model.VectorOf("<s>"), first.ToArray());
    }

    [Fact]
    public async Task A_test_of_a_host_replaces_its_model()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddActorEmbed(options => options.Model = "all-MiniLM-L6-v2");

        Assert.Equal(8, (await FakeInAHost.RunAsync(builder)).Length);
    }

    [Fact]
    public async Task Each_of_several_models_has_a_generator_of_its_name()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddFakeEmbeddingModel();
        builder.Services.AddFakeEmbeddingModel("search", new FakeEmbeddingModel(dimensions: 6));

        Assert.Equal(6, (await SeveralModels.RunAsync(builder)).Length);
    }

    [Fact]
    public async Task The_settings_that_are_shown_are_those_of_a_host()
    {
        var builder = await WithSettingsAsync("src/Actors/README.md");
        builder.Services.AddFakeEmbeddingModel();
        HostFromSettings.Add(builder);
        using var host = builder.Build();
        await host.StartAsync();
        var generator = host.Services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();
        var router = host.Services.GetRequiredService<IRequiredActor<Actors.Router.BatchRouterActor>>().ActorRef;
        var tokenizer = host.Services.GetRequiredService<EmbeddingTokenizer>();
        var document = string.Concat(Enumerable.Repeat("some words of a long document. ", 100));

        var query = await OptionsOfACall.AskAsync(generator);
        var asked = await PromptInAMessage.AskAsync(router);
        var chunks = ChunksOfADocument.Cut(tokenizer, document);
        await host.StopAsync();

        var model = new FakeEmbeddingModel();
        Assert.Equal(model.UnitVectorOf("query: some question"), Assert.Single(query).Vector.ToArray());
        Assert.Equal(model.UnitVectorOf("query: some question"), Assert.Single(Assert.IsType<TextsEmbedded>(asked).Vectors));
        Assert.Equal(document, string.Concat(chunks));
        Assert.Equal(5, chunks.Count); // 600 words, and the fake model takes 126
        Assert.All(chunks, chunk => Assert.InRange(tokenizer.CountTokens(chunk), 1, tokenizer.MaxTokensOfText));
    }

    [Fact]
    public async Task The_settings_that_are_shown_are_those_of_clients()
    {
        var builder = await WithSettingsAsync("docs/client-dotnet.md");
        ClientsFromSettings.Add(builder);
        using var host = builder.Build();

        await host.StartAsync();
        var options = host.Services.GetRequiredService<IOptionsMonitor<ActorEmbedClientOptions>>();
        await host.StopAsync();

        Assert.Equal("http://127.0.0.1:8421/", options.CurrentValue.BaseUrl!.ToString());
        Assert.Equal(8422, options.Get("archive").Port);
        Assert.NotNull(host.Services.GetKeyedService<IEmbeddingGenerator<string, Embedding<float>>>("archive"));
    }

    [Fact]
    public void Decorators_compose_around_the_client()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        DecoratedClient.Add(builder);
        using var host = builder.Build();

        Assert.IsType<DistributedCachingEmbeddingGenerator<string, Embedding<float>>>(host.Services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>());
        Assert.NotNull(host.Services.GetRequiredService<HealthCheckService>());
    }

    [Fact]
    public void Router_and_worker_of_a_cluster_are_valid()
    {
        var services = new ServiceCollection();
        RouterOfACluster.Add(services, "a secret of more than sixteen letters");
        services.AddAkka("worker", akka => WorkerOfACluster.Add(akka, new() { SeedNodes = ["10.0.0.1:8422"] }, EmbeddedModel.Directory));

        Assert.Contains(services, service => service.ServiceType == typeof(ActorSystem));
    }

    /// <summary>A host whose appsettings.json is the one that the document shows.</summary>
    private static async Task<HostApplicationBuilder> WithSettingsAsync(string document)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        using var json = new MemoryStream();
        await json.WriteAsync(System.Text.Encoding.UTF8.GetBytes(Repository.BlocksIn(document, "json").Single().Code));
        json.Position = 0;
        builder.Configuration.AddJsonStream(json);
        return builder;
    }
}
