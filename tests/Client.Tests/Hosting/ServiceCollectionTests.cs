using System.Diagnostics;
using System.Text.Json;
using ActorEmbed.Client.Tests.Http;
using ActorEmbed.Client.Tests.Processes;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using static ActorEmbed.Client.Tests.ScriptedServer;

namespace ActorEmbed.Client.Tests.Hosting;

public sealed class ServiceCollectionTests : ClientFixture
{
    [Fact(Timeout = Patience.Milliseconds)]
    public async Task The_decorators_of_microsoft_extensions_ai_work_around_the_client()
    {
        var server = await ServeAsync(EmbedBinary);
        var spans = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == nameof(The_decorators_of_microsoft_extensions_ai_work_around_the_client),
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Add,
        };
        ActivitySource.AddActivityListener(listener);
        var services = new ServiceCollection().AddLogging().AddDistributedMemoryCache();
        services.AddActorEmbedClient(options => (options.Port, options.ModelId, options.Dimensions) = (server.Port, "a/m", 3))
            .UseDistributedCache()
            .UseLogging()
            .UseOpenTelemetry(sourceName: nameof(The_decorators_of_microsoft_extensions_ai_work_around_the_client));
        await using var provider = services.BuildServiceProvider();
        var generator = provider.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();

        var first = await generator.GenerateAsync(["ab", "c"]);
        var second = await generator.GenerateAsync(["ab", "d"]);

        Assert.Equal([VectorOf("ab"), VectorOf("c")], first.Select(embedding => embedding.Vector.ToArray()));
        Assert.Equal([VectorOf("ab"), VectorOf("d")], second.Select(embedding => embedding.Vector.ToArray()));
        Assert.All(first, embedding => Assert.Equal("a/m", embedding.ModelId));
        // The cache spared the text that was known.
        Assert.Equal(["ab", "c", "d"], server.Requests.SelectMany(request => request.Texts));
        Assert.Contains(spans, span => Equals(span.GetTagItem("gen_ai.request.model"), "a/m") && span.GetTagItem("gen_ai.usage.input_tokens")?.ToString() == "3");
        Assert.Same(provider.GetRequiredService<ActorEmbedClient>(), generator.GetService<ActorEmbedClient>());
        var metadata = generator.GetRequiredService<EmbeddingGeneratorMetadata>();
        Assert.Equal(("actorembed", "a/m", 3, server.Port), (metadata.ProviderName, metadata.DefaultModelId, metadata.DefaultModelDimensions, metadata.ProviderUri?.Port));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Options_set_by_a_decorator_reach_the_server_and_part_what_is_cached()
    {
        var server = await ServeAsync(Embed);
        var services = new ServiceCollection().AddLogging().AddDistributedMemoryCache();
        services.AddActorEmbedClient(options => options.Port = server.Port)
            .UseDistributedCache()
            .ConfigureOptions(options => options.Dimensions ??= 4);
        await using var provider = services.BuildServiceProvider();
        var generator = provider.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();
        var raw = JsonSerializer.Deserialize<EmbeddingGenerationOptions>("""{"additionalProperties":{"normalize":false}}""", AIJsonUtilities.DefaultOptions);

        var scaled = new EmbeddingGenerationOptions { Dimensions = 3 };
        raw!.Dimensions = 3;
        await generator.GenerateVectorAsync("a", scaled);
        await generator.GenerateVectorAsync("a", raw);
        await generator.GenerateVectorAsync("a", raw);
        await generator.GenerateVectorAsync("a", scaled);

        Assert.Equal([true, false], server.Requests.Select(request => !request.Body.Contains("\"normalize\":false", StringComparison.Ordinal)));
        var refusal = await FailureAsync(generator.GenerateAsync(["a"]));
        Assert.Equal(ActorEmbedErrorCode.ParseError, refusal.Code);
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData(0, null)]
    [InlineData(8_500, "http://127.0.0.1:8500/")]
    public async Task Telemetry_is_told_the_address_of_the_sidecar_where_it_is_known(int port, string? expected)
    {
        var services = new ServiceCollection().AddLogging().AddActorEmbedSidecar(options => options.Port = port);
        services.AddActorEmbedClient();
        await using var provider = services.BuildServiceProvider();
        using var client = provider.GetRequiredService<ActorEmbedSidecar>().CreateClient();

        foreach (var generator in new[] { client, provider.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>() })
            Assert.Equal(expected, generator.GetRequiredService<EmbeddingGeneratorMetadata>().ProviderUri?.ToString());
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task The_generation_options_are_honoured()
    {
        var server = await ServeAsync((request, context) => request.Path == "/info"
            ? Json(200, """{"model_id":"org/tiny","dim":3}""")(request, context)
            : Embed(request, context));
        using var client = Connect(server);

        var named = await client.GenerateAsync(["a"], new EmbeddingGenerationOptions { ModelId = "tiny", Dimensions = 3 });
        await client.GenerateAsync(["a"], new EmbeddingGenerationOptions { AdditionalProperties = new() { [ActorEmbedClient.NormalizeProperty] = false } });

        Assert.Equal("org/tiny", named[0].ModelId);
        Assert.NotNull(named[0].CreatedAt);
        Assert.Null(named.Usage);
        Assert.Contains("\"normalize\":false", server.Requests.Last().Body, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => client.GenerateAsync(["a"], new EmbeddingGenerationOptions { ModelId = "another" }));
        await Assert.ThrowsAsync<ArgumentException>(() => client.GenerateAsync(["a"], new EmbeddingGenerationOptions { AdditionalProperties = new() { ["normalize"] = "no" } }));
        Assert.Equal(ActorEmbedErrorCode.ParseError, (await FailureAsync(client.GenerateAsync(["a"], new EmbeddingGenerationOptions { Dimensions = 4 }))).Code);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Tokens_are_told_as_usage_over_all_requests_of_a_list()
    {
        var server = await ServeAsync(EmbedBinary);
        using var client = Connect(server, options => options.MaxTextsPerRequest = 2);

        var embeddings = await client.GenerateAsync(["ab", "c", "defg"]);

        Assert.Equal((7L, 7L, 2), (embeddings.Usage?.InputTokenCount, embeddings.Usage?.TotalTokenCount, server.Requests.Count));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Retries_are_those_of_the_contract_even_where_the_host_has_its_own_for_all_clients()
    {
        var server = await ServeAsync(ResetInMidBody, Json(503, "busy"));
        var services = new ServiceCollection().AddLogging();
        services.ConfigureHttpClientDefaults(http => http.AddStandardResilienceHandler());
        services.AddActorEmbedClient(options => options.Port = server.Port);
        services.AddActorEmbedClient(options => options.RetryDelay = TimeSpan.Zero);
        await using var provider = services.BuildServiceProvider();

        var failure = await FailureAsync(provider.GetRequiredService<ActorEmbedClient>().EmbedBatchAsync(["a"]));

        Assert.Equal((ActorEmbedErrorCode.HttpError, 503, 3, 3), (failure.Code, failure.Status, failure.Attempts, server.Requests.Count));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task The_time_out_covers_the_body_in_a_host_too()
    {
        var server = await ServeAsync(StopInMidBody);
        var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(Time);
        services.AddActorEmbedClient(options => options.Port = server.Port);
        await using var provider = services.BuildServiceProvider();

        var call = provider.GetRequiredService<ActorEmbedClient>().EmbedBatchAsync(["a"]);
        await server.ReceivedAsync(1);
        Time.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal((ActorEmbedErrorCode.Timeout, 1), ((await FailureAsync(call)).Code, server.Requests.Count));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task A_host_starts_the_sidecar_which_the_client_follows_and_stops_it()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddActorEmbedSidecar(options => (options.ExecutablePath, options.Port) = (RealServer.ExecutablePath, 0));
        builder.Services.AddActorEmbedClient();
        using var host = builder.Build();

        await host.StartAsync();
        var status = host.Services.GetRequiredService<ActorEmbedSidecar>().GetStatus();
        var vector = await host.Services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>().GenerateVectorAsync("text");
        await host.StopAsync();

        Assert.Equal(ActorEmbedSidecarState.Ready, status.State);
        Assert.Equal(status.Dimensions, vector.Length);
        Assert.False(Signals.IsRunning(status.ProcessId!.Value));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Wrong_options_end_the_start_of_a_host_with_all_their_names()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddActorEmbedClient(options => (options.Port, options.RetryAttempts) = (0, -1));
        using var host = builder.Build();

        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Equal(["Port", "RetryAttempts"], refusal.Failures.Select(failure => failure.Split(' ')[0]));
    }
}
