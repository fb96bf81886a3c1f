using System.Diagnostics;
using System.Text.Json;
using ActorEmbed.Client.Tests.Http;
using ActorEmbed.Client.Tests.Processes;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
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
    public async Task A_server_that_is_down_costs_one_line_of_the_log_a_call()
    {
        var log = new LogEntries();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Trace);
        builder.Services.AddActorEmbedClient(options => (options.Port, options.RetryDelay) = (FreePort.Find(), TimeSpan.Zero));
        using var host = builder.Build();
        var client = host.Services.GetRequiredService<ActorEmbedClient>();

        var failure = await FailureAsync(client.EmbedBatchAsync(Enumerable.Repeat("a secret text", 200)));

        Assert.Equal(3, failure.Attempts);
        var line = Assert.Single(log.Lines);
        Assert.StartsWith("NetworkError after 3 tries: POST http://127.0.0.1:", line, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task A_host_configures_client_and_sidecar_by_sections_of_its_settings()
    {
        var server = await ServeAsync(EmbedBinary);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Client:BaseUrl"] = $"http://127.0.0.1:{server.Port}",
            ["Client:Timeout"] = "00:00:07",
            ["Client:InputType"] = "query",
            ["Other:Port"] = "8500",
            ["Sidecar:Model"] = "a/m",
            ["Sidecar:Arguments:0"] = "--threads=2",
            ["Sidecar:Environment:HF_HUB_OFFLINE"] = "1",
        });
        builder.Services.AddActorEmbedClient(builder.Configuration.GetSection("Client"));
        builder.Services.AddKeyedActorEmbedClient("other", builder.Configuration.GetSection("Other"));
        builder.Services.AddActorEmbedSidecar(builder.Configuration.GetSection("Sidecar"));
        using var host = builder.Build();

        await host.Services.GetRequiredService<ActorEmbedClient>().EmbedBatchAsync(["a"]);

        Assert.Contains("\"input_type\":\"query\"", Assert.Single(server.Requests).Body, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(7), host.Services.GetRequiredService<IOptions<ActorEmbedClientOptions>>().Value.Timeout);
        var other = host.Services.GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>("other");
        Assert.Equal(8500, other.GetRequiredService<EmbeddingGeneratorMetadata>().ProviderUri!.Port);
        var sidecar = host.Services.GetRequiredService<IOptions<ActorEmbedSidecarOptions>>().Value;
        Assert.Equal(("a/m", "--threads=2", "1"), (sidecar.Model, sidecar.Arguments.Single(), sidecar.Environment["HF_HUB_OFFLINE"]));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task A_misspelled_setting_ends_the_start_of_a_host()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("ActorEmbed:Timeuot", "00:00:07")]);
        builder.Services.AddActorEmbedClient(builder.Configuration.GetSection("ActorEmbed"));
        using var host = builder.Build();

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync());

        Assert.Contains("Timeuot", refusal.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Clients_and_sidecars_with_keys_keep_to_themselves()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        foreach (var key in new[] { "one", "two" })
        {
            builder.Services.AddKeyedActorEmbedSidecar(key, options => (options.ExecutablePath, options.Port) = (RealServer.ExecutablePath, 0));
            builder.Services.AddKeyedActorEmbedClient(key, options => options.Dimensions = key == "one" ? 8 : 16);
        }

        builder.Services.AddHealthChecks().AddActorEmbedClient("one", "one").AddActorEmbedClient("two", "two");
        using var host = builder.Build();

        await host.StartAsync();
        var running = new[] { "one", "two" }.Select(key => host.Services.GetRequiredKeyedService<ActorEmbedSidecar>(key).GetStatus()).ToArray();
        var short8 = await host.Services.GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>("one").GenerateAsync(["text"]);
        var long16 = await host.Services.GetRequiredKeyedService<ActorEmbedClient>("two").EmbedBatchAsync(["text"]);
        var health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        await host.StopAsync();

        Assert.NotEqual(running[0].Port, running[1].Port);
        Assert.Equal((8, 16), (short8[0].Vector.Length, long16[0].Length));
        Assert.Equal(running[0].Model, short8[0].ModelId);
        Assert.Equal((HealthStatus.Healthy, 2), (health.Status, health.Entries.Count));
        Assert.Null(host.Services.GetService<ActorEmbedClient>());
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task The_health_check_says_what_the_server_says()
    {
        var server = await ServeAsync(Json(200, new { status = "ok" }), Json(503, new { status = "loading", reason = "a/m is being pulled." }), ResetBeforeAnswer);
        var services = new ServiceCollection().AddLogging();
        services.AddActorEmbedClient(options => options.Port = server.Port);
        services.AddHealthChecks().AddActorEmbedClient(tags: ["ready"]);
        await using var provider = services.BuildServiceProvider();
        var checks = provider.GetRequiredService<HealthCheckService>();

        var entries = new List<HealthReportEntry>();
        for (var i = 0; i < 3; i++)
            entries.Add((await checks.CheckHealthAsync()).Entries["actorembed"]);

        Assert.Equal([HealthStatus.Healthy, HealthStatus.Unhealthy, HealthStatus.Unhealthy], entries.Select(entry => entry.Status));
        Assert.EndsWith("was answered with 503: a/m is being pulled.", entries[1].Description, StringComparison.Ordinal);
        Assert.Contains("failed", entries[2].Description, StringComparison.Ordinal);
        Assert.Equal(3, server.Requests.Count);
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
