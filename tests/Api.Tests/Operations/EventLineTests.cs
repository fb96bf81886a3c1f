using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ActorEmbed.Tests.Shared.Hub;
using ActorEmbed.Tests.Shared.Processes;

namespace ActorEmbed.Api.Tests.Operations;

/// <summary>What a parent reads on standard output beside the ready line.</summary>
public sealed class EventLineTests : IAsyncLifetime
{
    private const string Model = "sentence-transformers/xlmr-tiny";
    private const string Graph = "onnx/model.onnx";

    private readonly DirectoryInfo _cache = Directory.CreateTempSubdirectory("actorembed-ev\u00e9nts-");
    private MisbehavingHub _hub = null!;

    public async Task InitializeAsync() =>
        _hub = await MisbehavingHub.StartAsync(HubRepository.TinyModel(Model).Remove("model.safetensors"));

    public async Task DisposeAsync()
    {
        await _hub.DisposeAsync();
        _cache.Delete(recursive: true);
    }

    [Fact]
    public async Task A_hub_that_sends_slowly_and_then_fails_is_followed_and_is_no_fault_of_the_settings()
    {
        using var gate = new SemaphoreSlim(0);
        _hub.Fail(Graph, new HubFault.Metered(1000, gate));
        await using var server = Run("--model", Model, "--port", "0", "--exit-with-parent");

        var fraction = 0.0;
        for (JsonElement line; fraction == 0; fraction = FractionOf(line))
        {
            gate.Release();
            line = await NextAsync(server);
            Assert.Equal(("progress", Model), (line.GetProperty("event").GetString(), line.GetProperty("model").GetString()));
        }

        await _hub.DisposeAsync();
        gate.Release(1_000_000);
        var (exitCode, output, _) = await server.WaitForExitAsync();

        var failed = Lines(output).Last();
        Assert.InRange(fraction, 0, 1);
        Assert.Equal(ExitCode.ModelUnavailable, exitCode);
        Assert.Equal(("failed", "network"), (failed.GetProperty("event").GetString(), failed.GetProperty("reason").GetString()));
        Assert.Contains("the network", failed.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_ready_line_comes_last_and_alone_where_nobody_asked_for_more()
    {
        await using var supervised = Run("--model", Model, "--port", "0", "--exit-with-parent");
        JsonElement line;
        var events = new List<string>();
        do
        {
            line = await NextAsync(supervised);
            events.Add(line.GetProperty("event").GetString()!);
        }
        while (events[^1] != "ready");
        supervised.StandardInput.Close();
        var (_, rest, _) = await supervised.WaitForExitAsync();
        await using var alone = Run("--model", Model, "--port", "0");
        await alone.WaitUntilReadyAsync();

        Assert.Contains("progress", events);
        Assert.Equal("", rest);
        Assert.Equal("ready", alone.Ready.GetProperty("event").GetString());
    }

    [Theory]
    [InlineData("unauthorized", ExitCode.BadModel, "sentence-transformers/no-such-model")]
    [InlineData("model", ExitCode.BadModel, "/no/such/directory")]
    [InlineData("model", ExitCode.BadModel, "actorembed-starter-multilingual-256", "--revision", "v1")]
    public async Task A_model_that_cannot_be_had_is_told_by_its_reason(string reason, int code, string model, params string[] more)
    {
        await using var server = Run(["--model", model, "--port", "0", "--exit-with-parent", .. more]);

        var (exitCode, output, _) = await server.WaitForExitAsync();

        Assert.Equal((code, reason), (exitCode, Lines(output).Last().GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task Offline_without_the_model_is_its_own_reason()
    {
        await using var server = ServerProcess.Start(
            Path.GetTempPath(), [.. Environment(), new("HF_HUB_OFFLINE", "1")], "--model", Model, "--port", "0", "--exit-with-parent");

        var (exitCode, output, _) = await server.WaitForExitAsync();

        Assert.Equal((ExitCode.BadModel, "offline"), (exitCode, Lines(output).Last().GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task A_taken_port_is_told_by_its_reason()
    {
        using var stranger = new TcpListener(IPAddress.Loopback, 0);
        stranger.Start();
        await using var server = Run("--port", $"{((IPEndPoint)stranger.LocalEndpoint).Port}", "--exit-with-parent");

        var (exitCode, output, error) = await server.WaitForExitAsync();

        Assert.Equal((ExitCode.CannotListen, "portInUse"), (exitCode, Lines(output).Single().GetProperty("reason").GetString()));
        Assert.DoesNotContain("cluster", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_embedded_model_is_taken_by_its_name_whatever_the_cache_holds()
    {
        await using var pull = Run("pull", "sentence-transformers/xlmr-tiny");
        await pull.WaitForExitAsync();
        await using var server = Run("--model", "actorembed-starter-multilingual-256", "--port", "0");
        await server.WaitUntilReadyAsync();
        var requests = _hub.Requests.Count;
        await using var named = Run("pull", "actorembed-starter-multilingual-256", "--json");
        var (exitCode, output, _) = await named.WaitForExitAsync();

        Assert.Equal("actorembed-starter-multilingual-256", server.Ready.GetProperty("model").GetString());
        Assert.Equal(0, exitCode);
        Assert.True(Directory.Exists(Lines(output).Single().GetProperty("directory").GetString()));
        Assert.Equal(requests, _hub.Requests.Count);
    }

    [Fact]
    public async Task A_pull_tells_its_progress_and_its_result_in_json()
    {
        await using var pull = Run("pull", Model, "--json");
        var (exitCode, output, _) = await pull.WaitForExitAsync();

        var lines = Lines(output).ToList();
        Assert.Equal(0, exitCode);
        Assert.All(lines.SkipLast(1), line => Assert.Equal("progress", line.GetProperty("event").GetString()));
        Assert.True(lines.Count > 1);
        Assert.Equal("pulled", lines[^1].GetProperty("event").GetString());
        // The name of the cache is not ASCII.
        Assert.True(File.Exists(Path.Combine(lines[^1].GetProperty("directory").GetString()!, Graph)));
    }

    [Fact]
    public async Task A_pull_ends_with_its_parent_and_what_arrived_is_kept()
    {
        using var gate = new SemaphoreSlim(2);
        _hub.Fail(Graph, new HubFault.Metered(1000, gate));
        await using var pull = Run("pull", Model, "--json", "--exit-with-parent");
        await Eventually.TrueAsync(() => Task.FromResult(_hub.BytesSentOf(Graph) > 0));

        pull.StandardInput.Close();
        var (exitCode, _, _) = await pull.WaitForExitAsync();
        await using var again = Run("pull", Model, "--json");

        Assert.Equal(ExitCode.Interrupted, exitCode);
        Assert.Equal(0, (await again.WaitForExitAsync()).ExitCode);
    }

    [Fact]
    public async Task What_a_pull_prints_is_utf8_whatever_the_terminal_speaks()
    {
        await using var pull = ServerProcess.Start(
            Path.GetTempPath(), [.. Environment(), new("LANG", "de_DE.ISO-8859-1"), new("LC_ALL", "de_DE.ISO-8859-1")], "pull", Model);

        var (exitCode, output, _) = await pull.WaitForExitAsync();

        Assert.Equal(0, exitCode);
        Assert.StartsWith(_cache.FullName, output, StringComparison.Ordinal);
    }

    private ServerProcess Run(params string[] arguments) => ServerProcess.Start(Path.GetTempPath(), Environment(), arguments);

    private IEnumerable<KeyValuePair<string, string>> Environment() =>
    [
        new("HF_ENDPOINT", _hub.Endpoint.ToString()), new("HF_HUB_CACHE", _cache.FullName), new("HF_HOME", _cache.FullName),
    ];

    private static async Task<JsonElement> NextAsync(ServerProcess server) =>
        JsonSerializer.Deserialize<JsonElement>((await server.ReadOutputLineAsync())!);

    private static IEnumerable<JsonElement> Lines(string output) =>
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line));

    private static double FractionOf(JsonElement line) => line.GetProperty("fraction").GetDouble();
}
