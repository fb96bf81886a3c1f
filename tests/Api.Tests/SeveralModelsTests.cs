using System.Net;
using System.Text.Json;
using ActorEmbed.Api.Hosting.Models;
using ActorEmbed.Api.Http;
using ActorEmbed.Inference;
using ActorEmbed.Tests.Shared.Models;

namespace ActorEmbed.Api.Tests;

/// <summary>Two models behind one address: the first by its id, the second by a name of its own too.</summary>
public sealed class SeveralModelsTests
{
    private readonly ScriptedModel _first = new() { Id = "tests/first" };
    private readonly ScriptedModel _second = new() { Id = "tests/second" };

    public static TheoryData<string, string> Requests { get; } = new()
    {
        { "/embed", """{"texts":["text"]MODEL}""" },
        { "/embed", """{"inputs":"text"MODEL}""" },
        { "/v1/embeddings", """{"input":"text"MODEL}""" },
        { "/api/embed", """{"input":"text"MODEL}""" },
        { "/api/embeddings", """{"prompt":"text"MODEL}""" },
        { "/similarity", """{"inputs":{"source_sentence":"text","sentences":["other"]}MODEL}""" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task The_model_field_chooses_and_without_it_the_first_is_meant(string path, string json)
    {
        await using var server = await StartAsync();

        foreach (var name in new[] { "tests/second", "SECOND", "second:latest", "Search" })
            Assert.Equal(HttpStatusCode.OK, (await server.PostAsync(json.Replace("MODEL", $",\"model\":\"{name}\"", StringComparison.Ordinal), path)).Response.StatusCode);
        Assert.Equal((0, 4), (_first.Batches.Count, _second.Batches.Count));

        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync(json.Replace("MODEL", "", StringComparison.Ordinal), path)).Response.StatusCode);
        Assert.Equal((1, 4), (_first.Batches.Count, _second.Batches.Count));
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task A_model_that_is_not_served_is_an_error_that_names_the_field_and_those_that_are(string path, string json)
    {
        await using var server = await StartAsync();

        var (response, body) = await server.PostAsync(json.Replace("MODEL", ",\"model\":\"text-embedding-3-small\"", StringComparison.Ordinal), path);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        var text = body.GetRawText();
        Assert.Contains("The model 'text-embedding-3-small' is not loaded here; this server has tests/first, search.", text, StringComparison.Ordinal);
        if (path.StartsWith("/v1", StringComparison.Ordinal))
            Assert.Equal(("model", "model_not_found"), (body.GetProperty("error").GetProperty("param").GetString(), body.GetProperty("error").GetProperty("code").GetString()));
        else if (json.Contains("texts", StringComparison.Ordinal))
            Assert.Equal("model", body.GetProperty("field").GetString());
        Assert.Empty(_first.Batches);
    }

    [Fact]
    public async Task Tokenize_takes_the_model_field_too()
    {
        _second.OnTokenize = (_, _) => throw new InvalidOperationException("It is the second that was asked.");
        await using var server = await StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync("""{"inputs":"text"}""", "/tokenize")).Response.StatusCode);
        Assert.Equal((HttpStatusCode)424, (await server.PostAsync("""{"inputs":"text","model":"search"}""", "/tokenize")).Response.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await server.PostAsync("""{"inputs":"text","model":"third"}""", "/tokenize")).Response.StatusCode);
    }

    [Fact]
    public async Task Azures_deployment_in_the_path_chooses_whatever_the_body_says()
    {
        await using var server = await StartAsync();

        var (_, byPath) = await server.PostAsync("""{"input":"text"}""", "/openai/deployments/search/embeddings");
        var (unknown, _) = await server.PostAsync("""{"input":"text"}""", "/openai/deployments/third/embeddings");
        var (_, alsoByPath) = await server.PostAsync("""{"input":"text","model":"text-embedding-ada-002"}""", "/openai/deployments/search/embeddings");

        Assert.Equal(("search", "search"), (byPath.GetProperty("model").GetString(), alsoByPath.GetProperty("model").GetString()));
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task Lists_have_all_models_also_those_that_are_still_being_loaded()
    {
        using var open = new ManualResetEventSlim();
        _second.OnLoad = _ => open.Wait(ScriptedModel.GateTimeout);
        await using var server = await StartAsync(isSecondReady: false);

        var (_, models) = await server.GetAsync("/v1/models");
        var (_, one) = await server.GetAsync("/v1/models/tests%2Fsecond");
        var (none, _) = await server.GetAsync("/v1/models/third");
        var (_, tags) = await server.GetAsync("/api/tags");
        open.Set();

        Assert.Equal(["tests/first", "search"], Each(models.GetProperty("data"), "id"));
        Assert.Equal("search", one.GetProperty("id").GetString());
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        Assert.Equal(["first:latest", "search:latest"], Each(tags.GetProperty("models"), "name"));
    }

    [Fact]
    public async Task Each_model_is_ready_by_itself_and_health_and_info_tell_of_the_first_and_of_all()
    {
        using var open = new ManualResetEventSlim();
        _second.OnLoad = _ => open.Wait(ScriptedModel.GateTimeout);
        await using var server = await StartAsync(isSecondReady: false);

        var (health, body) = await server.GetAsync("/health");
        var (second, _) = await server.GetAsync("/health?model=search");
        var (embedded, _) = await server.PostAsync("""{"texts":["text"]}""");
        Assert.Equal((HttpStatusCode.OK, "first"), (health.StatusCode, body.GetProperty("model").GetString()));
        Assert.Equal(["tests/first ok", "search loading"], body.GetProperty("models").EnumerateArray().Select(m => $"{m.GetProperty("model")} {m.GetProperty("status")}"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, second.StatusCode);
        Assert.Equal(HttpStatusCode.OK, embedded.StatusCode);
        open.Set();

        await Eventually.TrueAsync(async () => (await server.GetAsync("/health?model=search")).Response.IsSuccessStatusCode);
        await server.PostAsync("""{"texts":["text"],"model":"search"}""");
        var (_, info) = await server.GetAsync("/info");
        var (_, ofSecond) = await server.GetAsync("/info?model=second");
        Assert.Equal("tests/first", info.GetProperty("model_id").GetString());
        Assert.Equal(["tests/first", "tests/second"], Each(info.GetProperty("models"), "model_id"));
        Assert.Equal(["ok", "ok"], Each(info.GetProperty("models"), "status"));
        Assert.Equal(("tests/second", 1), (ofSecond.GetProperty("model_id").GetString(), ofSecond.GetProperty("counters").GetProperty("answered").GetInt32()));
    }

    [Fact]
    public async Task Measurements_are_told_apart_by_the_model()
    {
        await using var server = await StartAsync();
        await server.PostAsync("""{"texts":["a","b"],"model":"search"}""");

        var metrics = await server.Client.GetStringAsync("/metrics");

        // Other tests' servers in this process are heard too; none of them has a model of this name.
        Assert.Contains("""actorembed_texts_total{model="search"} """, metrics, StringComparison.Ordinal);
        Assert.Contains("""actorembed_queue_texts{model="tests/first"} 0""", metrics, StringComparison.Ordinal);
        Assert.Contains("""actorembed_requests_total{model="search",outcome="embedded"} """, metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_cannot_be_used_is_said_by_name_and_the_others_serve_on()
    {
        _second.OnLoad = _ => throw new ModelLoadException("The file is damaged.");
        await using var server = await StartAsync(isSecondReady: false);

        await Eventually.TrueAsync(() => Task.FromResult(server.Log.Containing("Model search has failed for good: The file is damaged.").Count == 1));
        var (health, body) = await server.GetAsync("/health");
        var (refused, problem) = await server.PostAsync("""{"texts":["text"],"model":"search"}""");
        var (embedded, _) = await server.PostAsync("""{"texts":["text"]}""");

        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        Assert.Equal("error The file is damaged.", body.GetProperty("models")[1] is var second ? $"{second.GetProperty("status")} {second.GetProperty("reason")}" : "");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "The file is damaged."), (refused.StatusCode, problem.GetProperty("detail").GetString()));
        Assert.Equal(HttpStatusCode.OK, embedded.StatusCode);
    }

    [Fact]
    public async Task The_first_model_that_cannot_be_used_ends_the_process_as_the_only_one_does()
    {
        _first.OnLoad = _ => throw new ModelLoadException("The file is damaged.");
        await using var server = await StartAsync(isSecondReady: false, isFirstReady: false);

        await server.WaitForShutdownAsync();

        Assert.Equal(ExitCode.BadModel, server.Lifecycle.ExitCode);
    }

    [Fact]
    public async Task Inference_of_any_model_that_fails_for_good_ends_the_process()
    {
        _second.OnBatch = _ => throw new InferenceException("the graph broke");
        await using var server = await StartAsync(configure: options =>
        {
            options.Scheduling.MaxTextsPerBatch = 1;
            options.Scheduling.MaxFailedBatches = 2;
        });

        await server.PostAsync("""{"texts":["a"],"model":"search"}""");
        await server.PostAsync("""{"texts":["b"],"model":"search"}""");
        await server.WaitForShutdownAsync();

        Assert.Equal(ExitCode.InferenceFailed, server.Lifecycle.ExitCode);
    }

    [Fact]
    public async Task A_request_that_names_no_model_is_for_the_first_that_does_what_it_wants()
    {
        var ranker = new ModelToServe(_ => _first.Load()) { Id = "tests/first", Kind = ModelKind.Reranker };
        var embedder = new ModelToServe(_ => _second.Load()) { Id = "tests/second", Kind = ModelKind.Embedder };
        await using var server = await TestServer.StartAsync(_first, [ranker, embedder]);
        var models = server.Get<ServedModels>();

        Assert.Equal(("tests/first", "tests/second"), (models.Choose(null, ModelKind.Reranker).Label, models.Choose(null).Label));
        Assert.Equal("tests/first", models.Choose("first").Label);
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync("""{"texts":["text"]}""")).Response.StatusCode);
        Assert.Equal((0, 1), (_first.Batches.Count, _second.Batches.Count));
    }

    [Fact]
    public async Task The_ready_line_is_written_once_and_names_the_first_model()
    {
        await using var server = await StartAsync();

        var lines = server.StandardOutput.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("first", JsonSerializer.Deserialize<JsonElement>(Assert.Single(lines)).GetProperty("model").GetString());
    }

    private static IEnumerable<string> Each(JsonElement list, string property) => list.EnumerateArray().Select(element => element.GetProperty(property).GetString()!);

    private async Task<TestServer> StartAsync(bool isSecondReady = true, bool isFirstReady = true, Action<ServerOptions>? configure = null)
    {
        var server = await TestServer.StartAsync([(_first, null, _first.Id), (_second, "search", _second.Id)], configure);
        if (isFirstReady)
            await Eventually.TrueAsync(async () => (await server.GetAsync("/health")).Response.IsSuccessStatusCode);
        if (isSecondReady)
            await Eventually.TrueAsync(async () => (await server.GetAsync("/health?model=search")).Response.IsSuccessStatusCode);
        return server;
    }
}
