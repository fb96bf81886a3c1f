using System.Net;
using System.Text.Json;
using ActorEmbed.Inference;
using ActorEmbed.Tests.Shared.Models;

namespace ActorEmbed.Api.Tests;

/// <summary>What the dialects make of the same events; their requests and answers stand in the golden files.</summary>
public sealed class DialectTests
{
    [Theory]
    [InlineData("/v1/embeddings", """{"input":"much"}""", 429, "$.error.code", "rate_limit_exceeded")]
    [InlineData("/api/embed", """{"input":"much"}""", 503, "$.error", null)]
    [InlineData("/embed", """{"inputs":"much"}""", 429, "$.error_type", "Overloaded")]
    [InlineData("/embed", """{"texts":["much"]}""", 503, "$.status", null)]
    public async Task Overload_tells_each_client_to_come_back_as_it_understands_it(string path, string json, int status, string place, string? value)
    {
        using var gate = new ManualResetEventSlim();
        var model = new ScriptedModel { OnBatch = _ => gate.Wait(ScriptedModel.GateTimeout) };
        await using var server = await TestServer.StartAsync(model, options => options.Scheduling.MaxQueuedTexts = 1);
        var running = server.PostAsync("""{"texts":["running"]}""");
        await server.InferenceStartedAsync();
        var waiting = server.PostAsync("""{"texts":["waiting"]}""");
        await server.QueuedAsync(1);

        var (response, body) = await server.PostAsync(json, path);
        gate.Set();
        await Task.WhenAll(running, waiting);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.True(response.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
        var found = place.Split('.').Skip(1).Aggregate(body, (element, name) => element.GetProperty(name));
        Assert.True(value is null || found.GetString() == value);
    }

    [Theory]
    [InlineData("/v1/embeddings", """{"input":["good","poison"]}""", 500)]
    [InlineData("/api/embed", """{"input":["good","poison"]}""", 500)]
    [InlineData("/embed", """{"inputs":["good","poison"]}""", 424)]
    public async Task A_text_on_which_inference_fails_is_told_in_the_dialect(string path, string json, int status)
    {
        var model = new ScriptedModel
        {
            OnResult = (texts, result) => texts.Contains("poison") ? throw new InferenceException("the graph broke") : result,
        };
        await using var server = await TestServer.StartAsync(model);

        var (response, body) = await server.PostAsync(json, path);

        Assert.Equal(status, (int)response.StatusCode);
        // The cause is the operator's: its line has the id that the caller was told.
        Assert.DoesNotContain("the graph broke", body.GetRawText(), StringComparison.Ordinal);
        var line = Assert.Single(server.Log.Containing("the graph broke"), message => message.StartsWith("0H", StringComparison.Ordinal));
        Assert.Contains(line.Split(": ")[0], body.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/embeddings", "message")]
    [InlineData("/tokenize", null)]
    public async Task A_body_that_is_too_large_or_of_another_type_is_refused_in_the_dialect(string path, string? inner)
    {
        await using var server = await TestServer.StartAsync(configure: options => options.MaxBodyBytes = 1000);
        using var text = new StringContent("input");

        var (tooLarge, largeBody) = await server.PostAsync(JsonSerializer.Serialize(new { input = new string('x', 2000) }), path);
        var otherType = await server.Client.PostAsync(path, text);
        var otherBody = await TestServer.ReadJsonAsync(otherType);

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.UnsupportedMediaType), (tooLarge.StatusCode, otherType.StatusCode));
        Assert.All([largeBody, otherBody], body =>
        {
            var error = body.GetProperty("error");
            Assert.Equal(JsonValueKind.String, (inner is null ? error : error.GetProperty(inner)).ValueKind);
        });
    }

    [Fact]
    public async Task Who_asks_for_the_model_while_it_is_loaded_is_told_to_come_back()
    {
        using var gate = new ManualResetEventSlim();
        await using var server = await TestServer.StartAsync(new ScriptedModel { OnLoad = _ => gate.Wait(ScriptedModel.GateTimeout) });

        string[] paths = ["/v1/models", "/v1/models/scripted", "/api/tags"];
        foreach (var path in paths)
        {
            var (response, body) = await server.GetAsync(path);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.True(response.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
            Assert.Contains("being loaded", body.GetRawText(), StringComparison.Ordinal);
        }

        gate.Set();
        await Eventually.TrueAsync(async () => (await server.GetAsync("/health")).Response.IsSuccessStatusCode);
        foreach (var path in paths)
            Assert.Equal(HttpStatusCode.OK, (await server.GetAsync(path)).Response.StatusCode);
    }

    [Theory]
    [InlineData("/v1/embeddings")]
    [InlineData("/api/embed")]
    [InlineData("/tokenize")]
    public async Task Without_a_model_the_answer_is_503_at_once(string path)
    {
        var model = new ScriptedModel { OnLoad = _ => throw new InferenceException("the model does not load") };
        await using var server = await TestServer.StartAsync(model, options =>
        {
            options.Scheduling.MaxFailedLoads = 1;
            options.FailureExitDelay = TimeSpan.FromMinutes(1);
        });

        var (response, body) = await server.PostAsync("""{"input":"text","inputs":"text"}""", path);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains("the model does not load", body.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tests/scripted", 200)]
    [InlineData("Scripted:latest", 200)]
    [InlineData("text-embedding-3-small", 404)]
    public async Task A_server_that_requires_the_models_name_refuses_others(string name, int status)
    {
        await using var server = await TestServer.StartAsync(configure: options => options.RequireModelName = true);
        var json = JsonSerializer.Serialize(new { model = name, input = "text" });

        var (openAi, _) = await server.PostAsync(json, "/v1/embeddings");
        var (ollama, _) = await server.PostAsync(json, "/api/embed");

        Assert.Equal((status, status), ((int)openAi.StatusCode, (int)ollama.StatusCode));
    }

    [Fact]
    public async Task Tokens_and_texts_that_were_cut_are_counted_in_headers_of_every_dialect()
    {
        await using var server = await TestServer.StartAsync();
        var texts = JsonSerializer.Serialize(new[] { "short", new string('x', 200), new string('y', 300) });

        foreach (var (path, field) in new[] { ("/embed", "texts"), ("/embed", "inputs"), ("/v1/embeddings", "input"), ("/api/embed", "input") })
        {
            var (cut, _) = await server.PostAsync($$"""{"{{field}}":{{texts}}}""", path);
            var (whole, _) = await server.PostAsync($$"""{"{{field}}":["short"]}""", path);

            Assert.Equal("2", Assert.Single(cut.Headers.GetValues("X-Truncated-Texts")));
            Assert.False(whole.Headers.Contains("X-Truncated-Texts"));
            // "short" is five tokens and the special ones; the others are cut to 128 each.
            Assert.Equal("263", Assert.Single(cut.Headers.GetValues("X-Embedding-Tokens")));
            Assert.Equal("7", Assert.Single(whole.Headers.GetValues("X-Embedding-Tokens")));
        }
    }

    [Fact]
    public async Task Counts_and_times_stand_in_the_headers_of_text_embeddings_inference()
    {
        await using var server = await TestServer.StartAsync();

        var (tei, _) = await server.PostAsync("""{"inputs":["abc","de"]}""");
        var (sidecar, _) = await server.PostAsync("""{"texts":["abc","de"]}""");

        Assert.Equal("5", Assert.Single(tei.Headers.GetValues("x-compute-characters")));
        Assert.Equal("9", Assert.Single(tei.Headers.GetValues("x-compute-tokens")));
        Assert.All(["x-total-time", "x-queue-time", "x-inference-time"], name => Assert.True(long.Parse(Assert.Single(tei.Headers.GetValues(name)), System.Globalization.CultureInfo.InvariantCulture) >= 0));
        Assert.False(sidecar.Headers.Contains("x-compute-tokens"));
    }

    [Fact]
    public async Task Places_of_tokens_count_characters_and_not_code_units()
    {
        await using var server = await TestServer.StartAsync(new ScriptedModel());

        var (_, body) = await server.PostAsync("""{"inputs":"😀ab"}""", "/tokenize");
        var (_, bare) = await server.PostAsync("""{"inputs":"ab","add_special_tokens":false}""", "/tokenize");

        // The scripted model has a token for each code unit; the first two are halves of one character.
        Assert.Equal(["null", "1", "2", "null"], body[0].EnumerateArray().Select(token => token.GetProperty("start").GetRawText()).Where((_, i) => i is not (1 or 2)));
        Assert.Equal(["null", "2", "3", "null"], body[0].EnumerateArray().Select(token => token.GetProperty("stop").GetRawText()).Where((_, i) => i is not (1 or 2)));
        Assert.Equal([(0, 1), (1, 2)], bare[0].EnumerateArray().Select(token => (token.GetProperty("start").GetInt32(), token.GetProperty("stop").GetInt32())));
    }

    [Fact]
    public async Task Tokenizing_does_not_wait_for_inference()
    {
        using var gate = new ManualResetEventSlim();
        var model = new ScriptedModel { OnBatch = _ => gate.Wait(ScriptedModel.GateTimeout) };
        await using var server = await TestServer.StartAsync(model);
        var running = server.PostAsync("""{"texts":["running"]}""");
        await server.InferenceStartedAsync();

        var (tokenized, body) = await server.PostAsync("""{"inputs":"ab"}""", "/tokenize");
        var isStillRunning = !running.IsCompleted;
        gate.Set();
        await running;

        Assert.True(isStillRunning);
        Assert.Equal(HttpStatusCode.OK, tokenized.StatusCode);
        Assert.Equal([0, 'a', 'b', 1], body[0].EnumerateArray().Select(token => token.GetProperty("id").GetInt32()));
    }
}
