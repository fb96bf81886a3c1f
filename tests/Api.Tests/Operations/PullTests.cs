using System.Net;
using System.Text.Json;
using ActorEmbed.Tests.Shared.Hub;
using ActorEmbed.Tests.Shared.Models;
using ActorEmbed.Tests.Shared.Processes;

namespace ActorEmbed.Api.Tests.Operations;

public sealed class PullTests : IAsyncLifetime
{
    private const string Model = "sentence-transformers/xlmr-tiny";
    private const string Graph = "onnx/model.onnx";

    private readonly DirectoryInfo _cache = Directory.CreateTempSubdirectory("actorembed-cache-");
    private MisbehavingHub _hub = null!;

    public async Task InitializeAsync() =>
        _hub = await MisbehavingHub.StartAsync(HubRepository.TinyModel(Model).Remove("model.safetensors"));

    public async Task DisposeAsync()
    {
        await _hub.DisposeAsync();
        _cache.Delete(recursive: true);
    }

    [Fact]
    public async Task A_named_model_is_pulled_served_and_found_the_next_time()
    {
        await using var first = Start("--model", "xlmr-tiny");
        await first.WaitUntilReadyAsync();
        var info = JsonSerializer.Deserialize<JsonElement>(await first.Client.GetStringAsync("/info"));
        var requests = _hub.Requests.Count;
        await using var second = Start("--model", Model);
        await second.WaitUntilReadyAsync();

        Assert.Equal(Model, info.GetProperty("model_id").GetString());
        Assert.Equal(requests, _hub.Requests.Count);
    }

    [Fact]
    public async Task Weights_that_were_pulled_are_compiled_and_give_the_reference_vectors()
    {
        // What two exact fp32 implementations may differ by.
        const double tolerance = 2e-5;
        await using var hub = await MisbehavingHub.StartAsync(HubRepository.TinyModel(Model));
        await using var server = ServerProcess.Start(
            Path.GetTempPath(), [.. Environment(), new("HF_ENDPOINT", hub.Endpoint.ToString())], "--model", Model, "--port", "0");
        await server.WaitUntilReadyAsync();
        var reference = ReferenceText.Of(TestModels.XlmrTiny);

        var answer = await server.EmbedAsync(JsonSerializer.Serialize(new { texts = reference.Select(text => text.Text), normalize = false }));

        var vectors = (await TestServer.ReadJsonAsync(answer)).GetProperty("vectors").EnumerateArray()
            .Select(vector => vector.EnumerateArray().Select(v => v.GetSingle()).ToArray());
        Assert.All(reference.Zip(vectors), pair => Assert.All(
            pair.First.Vector.Zip(pair.Second), number => Assert.Equal(number.First, number.Second, tolerance)));
        server.Kill();
        Assert.Contains("Compiling the model", (await server.WaitForExitAsync()).StandardError, StringComparison.Ordinal);
        // The graph that the repository ships is not needed, so it was not fetched.
        Assert.Empty(hub.RequestsFor(Graph));
    }

    [Fact]
    public async Task Health_tells_how_far_the_pull_is_and_requests_wait_for_it()
    {
        using var gate = new SemaphoreSlim(0);
        _hub.Fail(Graph, new HubFault.Metered(1000, gate));
        var port = FreePort();
        await using var server = Start("--model", Model, "--port", port);
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

        JsonElement health = default;
        await Eventually.TrueAsync(async () =>
        {
            gate.Release();
            health = await HealthAsync(client);
            return health.ValueKind == JsonValueKind.Object && health.TryGetProperty("progress", out var p) && p.GetProperty("fraction").GetDouble() > 0;
        });
        gate.Release(1_000_000);
        await server.WaitUntilReadyAsync();
        var done = await HealthAsync(client);

        var progress = health.GetProperty("progress");
        Assert.Equal("loading", health.GetProperty("status").GetString());
        Assert.Contains(Model, health.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(Model, progress.GetProperty("model").GetString());
        Assert.InRange(progress.GetProperty("bytes").GetInt64(), 1, progress.GetProperty("size").GetInt64());
        Assert.Equal("ok", done.GetProperty("status").GetString());
        Assert.False(done.TryGetProperty("progress", out _));
    }

    [Fact]
    public async Task A_pull_that_fails_is_one_clear_reason_and_the_code_of_a_bad_model()
    {
        _hub.Fail(Graph, new HubFault.WrongByte(10), MisbehavingHub.Always);
        await using var server = Start("--model", Model);

        var (exitCode, output, error) = await server.WaitForExitAsync();

        Assert.Equal((ExitCode.BadModel, ""), (exitCode, output));
        Assert.Contains(Graph, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_no_hub_has_is_the_code_of_a_bad_model()
    {
        await using var server = Start("--model", "sentence-transformers/no-such-model");

        var (exitCode, _, error) = await server.WaitForExitAsync();

        Assert.Equal(ExitCode.BadModel, exitCode);
        Assert.Contains("no-such-model", error, StringComparison.Ordinal);
    }

    [PosixFact]
    public async Task Sigterm_ends_a_pull_with_code_0()
    {
        using var gate = new SemaphoreSlim(2);
        _hub.Fail(Graph, new HubFault.Metered(1000, gate));
        await using var server = Start("--model", Model);
        await Eventually.TrueAsync(() => Task.FromResult(_hub.BytesSentOf(Graph) > 0));

        server.Terminate();
        var (exitCode, _, _) = await server.WaitForExitAsync();

        Assert.Equal(ExitCode.Success, exitCode);
    }

    [Fact]
    public async Task After_a_kill_in_the_middle_of_a_pull_the_next_start_goes_on()
    {
        using var gate = new SemaphoreSlim(3);
        _hub.Fail(Graph, new HubFault.Metered(100_000, gate));
        await using var killed = Start("--model", Model);
        await Eventually.TrueAsync(() => Task.FromResult(
            _cache.EnumerateFiles(_hub.Repository.BlobName(Graph) + ".incomplete", SearchOption.AllDirectories).Any(file => file.Length > 0)));
        killed.Kill();
        await killed.WaitForExitAsync();

        await using var server = Start("--model", Model);
        await server.WaitUntilReadyAsync();

        Assert.Equal(HttpStatusCode.OK, (await server.EmbedAsync("""{"texts":["again"]}""")).StatusCode);
        Assert.True(_hub.RequestsFor(Graph)[^1].RangeFrom > 0);
    }

    [Fact]
    public async Task The_verb_prints_the_directory_and_models_lists_it()
    {
        await using var pull = Run("pull", "xlmr-tiny", "--revision", "main");
        var (pulled, directory, progress) = await pull.WaitForExitAsync();
        await using var models = Run("models", "--json");
        var (listed, list, _) = await models.WaitForExitAsync();

        Assert.Equal((0, 0), (pulled, listed));
        Assert.True(File.Exists(Path.Combine(directory.Trim(), Graph)));
        Assert.Contains(Graph, progress, StringComparison.Ordinal);
        var entry = list.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line)).Last();
        Assert.Equal((Model, true), (entry.GetProperty("id").GetString(), entry.GetProperty("isComplete").GetBoolean()));
        Assert.True(entry.GetProperty("bytes").GetInt64() >= _hub.Repository[Graph].Length);
    }

    [Fact]
    public async Task The_default_model_is_taken_when_it_is_on_the_disk()
    {
        const string defaultModel = "sentence-transformers/paraphrase-multilingual-mpnet-base-v2";
        await using var hub = await MisbehavingHub.StartAsync(HubRepository.TinyModel(defaultModel).Remove("model.safetensors"));
        await using var without = Start();
        await without.WaitUntilReadyAsync();
        await using var pull = ServerProcess.Start(Path.GetTempPath(), [.. Environment(), new("HF_ENDPOINT", hub.Endpoint.ToString())], "pull", defaultModel);
        await pull.WaitForExitAsync();
        await using var with = Start();
        await with.WaitUntilReadyAsync();
        without.Kill();
        with.Kill();

        Assert.Equal("actorembed-starter-multilingual-256", without.Ready.GetProperty("model").GetString());
        Assert.Equal("paraphrase-multilingual-mpnet-base-v2", with.Ready.GetProperty("model").GetString());
        Assert.Contains("the embedded actorembed-starter", (await without.WaitForExitAsync()).StandardError, StringComparison.Ordinal);
        Assert.Contains($"{defaultModel}, the default", (await with.WaitForExitAsync()).StandardError, StringComparison.Ordinal);
    }

    private ServerProcess Start(params string[] arguments) => Run(arguments.Contains("--port") ? arguments : [.. arguments, "--port", "0"]);

    private ServerProcess Run(params string[] arguments) => ServerProcess.Start(Path.GetTempPath(), Environment(), arguments);

    private IEnumerable<KeyValuePair<string, string>> Environment() =>
    [
        new("HF_ENDPOINT", _hub.Endpoint.ToString()), new("HF_HUB_CACHE", _cache.FullName), new("HF_HOME", _cache.FullName),
    ];

    private static string FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private static async Task<JsonElement> HealthAsync(HttpClient client)
    {
        try
        {
            return await TestServer.ReadJsonAsync(await client.GetAsync("/health"));
        }
        catch (HttpRequestException)
        {
            // Not listening yet.
            return default;
        }
    }
}
