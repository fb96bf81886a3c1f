using System.Net;
using System.Text.Json;
using ActorEmbed.Api.Hosting.Models;
using ActorEmbed.Inference;
using ActorEmbed.Tests.Shared.Models;

namespace ActorEmbed.Api.Tests;

public sealed class ContractTests
{
    [Fact]
    public async Task Health_says_ok_with_the_values_of_the_loaded_model()
    {
        await using var server = await TestServer.StartAsync();
        await server.PostAsync("""{"texts":[]}""");
        await Eventually.TrueAsync(async () => (await server.GetAsync("/health")).Response.IsSuccessStatusCode);

        var (_, body) = await server.GetAsync("/health");

        Assert.Equal("""{"status":"ok","model":"scripted","dim":4,"device":"cpu"}""", body.GetRawText());
    }

    [Fact]
    public async Task Info_names_the_full_model_id_and_the_version()
    {
        await using var server = await TestServer.StartAsync();
        await Eventually.TrueAsync(async () => (await server.GetAsync("/info")).Response.IsSuccessStatusCode);

        var (_, body) = await server.GetAsync("/info");

        Assert.Equal("tests/scripted", body.GetProperty("model_id").GetString());
        Assert.Equal(4, body.GetProperty("dim").GetInt32());
        Assert.Equal("cpu", body.GetProperty("device").GetString());
        Assert.Equal("1.0.0", body.GetProperty("version").GetString());
    }

    [Fact]
    public async Task Embed_gives_unit_vectors_in_the_order_of_the_texts()
    {
        await using var server = await TestServer.StartAsync();

        var (response, body) = await server.PostAsync("""{"texts":["text1","text2"]}""");

        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(new[] { "text1", "text2" }.Select(ScriptedModel.UnitVectorOf), TestServer.VectorsOf(body));
    }

    [Fact]
    public async Task Embed_leaves_vectors_as_they_are_when_normalize_is_false()
    {
        await using var server = await TestServer.StartAsync();

        var (_, body) = await server.PostAsync("""{"texts":["text1"],"normalize":false}""");

        Assert.Equal([ScriptedModel.VectorOf("text1")], TestServer.VectorsOf(body));
    }

    [Theory]
    [InlineData("""{"texts":[]}""", 0)]
    [InlineData("""{"texts":["",  "   ", "\n\t"]}""", 3)]
    [InlineData("""{"texts":["😀 \u0000 \ud83d\ude00"],"unknown":{"a":[1,{"b":null}]},"normalize":true}""", 1)]
    public async Task Odd_but_valid_requests_are_answered(string json, int expected)
    {
        await using var server = await TestServer.StartAsync();

        var (response, body) = await server.PostAsync(json);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(expected, TestServer.VectorsOf(body).Length);
    }

    [Fact]
    public async Task Health_says_loading_until_the_model_has_produced_a_vector()
    {
        using var gate = new ManualResetEventSlim();
        await using var server = await TestServer.StartAsync(new ScriptedModel { OnLoad = _ => gate.Wait(ScriptedModel.GateTimeout) });

        var (health, body) = await server.GetAsync("/health");
        var (info, _) = await server.GetAsync("/info");
        Assert.Empty(server.StandardOutput.ToString());
        gate.Set();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
        Assert.Equal("loading", body.GetProperty("status").GetString());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, info.StatusCode);
        await Eventually.TrueAsync(async () => (await server.GetAsync("/health")).Response.IsSuccessStatusCode);
    }

    [Fact]
    public async Task Health_says_that_the_model_is_being_compiled_until_that_is_over()
    {
        using var gate = new ManualResetEventSlim();
        await using var server = await TestServer.StartAsync(new ScriptedModel { OnLoad = _ => gate.Wait(ScriptedModel.GateTimeout) });
        var progress = server.Get<LoadProgress>();

        progress.BeginCompiling("tests/scripted");
        var (_, compiling) = await server.GetAsync("/health");
        progress.End();
        var (_, opening) = await server.GetAsync("/health");
        gate.Set();

        Assert.Equal("tests/scripted is being compiled.", compiling.GetProperty("reason").GetString());
        Assert.Equal("compiling", compiling.GetProperty("progress").GetProperty("stage").GetString());
        Assert.False(opening.TryGetProperty("progress", out _));
    }

    [Fact]
    public async Task Health_says_error_with_the_reason_once_inference_has_failed_for_good()
    {
        var model = new ScriptedModel { OnBatch = _ => throw new InferenceException("the graph broke") };
        await using var server = await TestServer.StartAsync(model, options =>
        {
            options.Scheduling.MaxTextsPerBatch = 1;
            options.Scheduling.MaxFailedBatches = 2;
            options.FailureExitDelay = TimeSpan.FromMinutes(1);
        });

        var (embed, _) = await server.PostAsync("""{"texts":["text"]}""");
        await server.PostAsync("""{"texts":["text"]}""");
        var (health, body) = await server.GetAsync("/health");
        var (later, _) = await server.PostAsync("""{"texts":["text"]}""");

        Assert.Equal(HttpStatusCode.InternalServerError, embed.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
        Assert.Equal("error", body.GetProperty("status").GetString());
        Assert.Contains("the graph broke", body.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, later.StatusCode);
    }

    [Fact]
    public async Task The_process_ends_with_its_own_code_when_inference_has_failed_for_good()
    {
        var model = new ScriptedModel { OnBatch = _ => throw new InferenceException("the graph broke") };
        await using var server = await TestServer.StartAsync(model, options => (options.Scheduling.MaxTextsPerBatch, options.Scheduling.MaxFailedBatches) = (1, 2));

        await server.PostAsync("""{"texts":["text"]}""");
        await server.PostAsync("""{"texts":["text"]}""");
        await server.WaitForShutdownAsync();

        Assert.Equal(ExitCode.InferenceFailed, server.Lifecycle.ExitCode);
    }

    [Fact]
    public async Task A_text_on_which_inference_fails_is_a_500_that_names_its_index()
    {
        var model = new ScriptedModel { OnBatch = texts => Throw(texts.Contains("poison")) };
        await using var server = await TestServer.StartAsync(model);

        var (response, body) = await server.PostAsync("""{"texts":["good","poison"]}""");
        var (next, _) = await server.PostAsync("""{"texts":["good"]}""");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal(("texts", 1), (body.GetProperty("field").GetString(), body.GetProperty("index").GetInt32()));
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);

        static void Throw(bool fail)
        {
            if (fail)
                throw new InferenceException("the graph broke");
        }
    }

    [Fact]
    public async Task Overload_is_a_503_with_the_time_after_which_to_retry()
    {
        using var gate = new ManualResetEventSlim();
        var model = new ScriptedModel { OnBatch = _ => gate.Wait(ScriptedModel.GateTimeout) };
        await using var server = await TestServer.StartAsync(model, options => options.Scheduling.MaxQueuedTexts = 1);

        var running = server.PostAsync("""{"texts":["running"]}""");
        await server.InferenceStartedAsync();
        var waiting = server.PostAsync("""{"texts":["waiting"]}""");
        await server.QueuedAsync(1);
        var (rejected, _) = await server.PostAsync("""{"texts":["too much"]}""");
        gate.Set();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, rejected.StatusCode);
        Assert.True(rejected.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, (await running).Response.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await waiting).Response.StatusCode);
    }

    [Fact]
    public async Task A_caller_that_disconnects_costs_no_inference()
    {
        using var gate = new ManualResetEventSlim();
        var model = new ScriptedModel { OnBatch = _ => gate.Wait(ScriptedModel.GateTimeout) };
        await using var server = await TestServer.StartAsync(model);

        var running = server.PostAsync("""{"texts":["running"]}""");
        await server.InferenceStartedAsync();
        using var caller = new CancellationTokenSource();
        using var content = new StringContent("""{"texts":["gone"]}""", System.Text.Encoding.UTF8, "application/json");
        var gone = server.Client.PostAsync("/embed", content, caller.Token);
        await server.QueuedAsync(1);
        await caller.CancelAsync();
        await server.QueuedAsync(0);
        gate.Set();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        await running;
        await server.PostAsync("""{"texts":["later"]}""");
        Assert.DoesNotContain(model.Batches, batch => batch.Contains("gone"));
    }

    [Fact]
    public async Task The_ready_line_is_the_only_line_on_standard_output()
    {
        await using var server = await TestServer.StartAsync();
        await Eventually.TrueAsync(async () =>
        {
            await server.PostAsync("""{"texts":["text"]}""");
            return server.StandardOutput.ToString().Length > 0;
        });

        var line = Assert.Single(server.StandardOutput.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        var ready = JsonSerializer.Deserialize<JsonElement>(line);
        Assert.Equal("ready", ready.GetProperty("event").GetString());
        Assert.Equal(server.Client.BaseAddress, new Uri(ready.GetProperty("url").GetString()!));
        Assert.Equal(("scripted", 4), (ready.GetProperty("model").GetString(), ready.GetProperty("dim").GetInt32()));
        Assert.Equal(Environment.ProcessId, ready.GetProperty("pid").GetInt32());
    }
}
