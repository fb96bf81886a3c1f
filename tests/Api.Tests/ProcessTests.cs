using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ActorEmbed.Tests.Shared.Models;
using ActorEmbed.Tests.Shared.Processes;

namespace ActorEmbed.Api.Tests;

public sealed class ProcessTests
{
    [Fact]
    public async Task Without_options_it_serves_the_embedded_model_from_any_directory()
    {
        await using var server = await ServerProcess.StartReadyInAsync(Path.GetPathRoot(Path.GetTempPath())!, "--port", "0");

        var response = await server.EmbedAsync("""{"texts":["The library opens at nine and closes before the last bus leaves."],"normalize":false}""");

        var vectors = (await TestServer.ReadJsonAsync(response)).GetProperty("vectors").Deserialize<float[][]>()!;
        var expected = ReferenceText.Of(TestModels.Starter)[0].Vector;
        Assert.Equal("actorembed-starter-multilingual-256", server.Ready.GetProperty("model").GetString());
        Assert.Equal(server.Id, server.Ready.GetProperty("pid").GetInt32());
        Assert.InRange(expected.Zip(vectors[0], (e, a) => Math.Abs(e - a)).Max(), 0, 2e-5f);
    }

    [Fact]
    public async Task A_model_directory_is_served_with_its_own_values()
    {
        await using var server = await ServerProcess.StartReadyAsync("--port", "0", "--model", TestModels.XlmrTiny);

        var health = JsonSerializer.Deserialize<JsonElement>(await server.Client.GetStringAsync("/health"));

        Assert.Equal(("xlmr-tiny", 64), (health.GetProperty("model").GetString(), health.GetProperty("dim").GetInt32()));
    }

    [PosixFact]
    public async Task Sigterm_ends_it_with_code_0_and_standard_output_has_one_line()
    {
        await using var server = await ServerProcess.StartReadyAsync("--port", "0");

        server.Terminate();
        var (exitCode, output, error) = await server.WaitForExitAsync();

        Assert.Equal(ExitCode.Success, exitCode);
        Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("is ready", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_kill_it_serves_again_on_the_same_port()
    {
        await using var first = await ServerProcess.StartReadyAsync("--port", "0");
        var port = first.Client.BaseAddress!.Port.ToString(System.Globalization.CultureInfo.InvariantCulture);

        first.Kill();
        await first.WaitForExitAsync();
        await using var second = await ServerProcess.StartReadyAsync("--port", port);

        Assert.Equal(HttpStatusCode.OK, (await second.EmbedAsync("""{"texts":["again"]}""")).StatusCode);
    }

    [Fact]
    public async Task A_taken_port_is_one_line_and_its_own_exit_code()
    {
        using var stranger = new TcpListener(IPAddress.Loopback, 0);
        stranger.Start();
        var port = ((IPEndPoint)stranger.LocalEndpoint).Port;

        await AssertFailsAsync(ExitCode.CannotListen, $"{port}", "--port", $"{port}");
    }

    [Theory]
    [InlineData("192.0.2.1", "--address", "192.0.2.1", "--port", "8421")]
    [InlineData("does not exist", "--socket", "no/such/folder/embed.sock")]
    public Task An_address_that_cannot_be_had_is_one_line_and_its_own_exit_code(string named, params string[] arguments) =>
        AssertFailsAsync(ExitCode.CannotListen, named, arguments);

    [Theory]
    [InlineData(ExitCode.BadModel, "does not exist", "--model", "/no/such/directory")]
    [InlineData(ExitCode.BadModel, "config.json", "--model", ".")]
    [InlineData(ExitCode.BadOption, "--prot", "--prot", "1")]
    [InlineData(ExitCode.BadOption, "many", "--port", "many")]
    [InlineData(ExitCode.BadOption, "Port", "--port", "70000")]
    [InlineData(ExitCode.BadOption, "Threads", "--threads", "0")]
    public Task A_wrong_start_is_one_line_and_its_own_exit_code(int exitCode, string named, params string[] arguments) =>
        AssertFailsAsync(exitCode, named, arguments);

    [Fact]
    public async Task A_path_that_is_a_file_says_so()
    {
        await AssertFailsAsync(ExitCode.BadModel, "is a file", "--port", "0", "--model", Path.Combine(TestModels.XlmrTiny, "config.json"));
    }

    [PosixFact]
    public async Task A_repository_of_the_cache_stands_for_its_snapshot_and_a_quoted_tilde_for_the_home()
    {
        using var copy = TestModels.Copy(TestModels.XlmrTiny);
        var repository = Directory.CreateDirectory(copy.Path("home/models--owner--xlmr-tiny/snapshots"));
        Directory.CreateSymbolicLink(Path.Combine(repository.FullName, "0123"), TestModels.XlmrTiny);
        await using var server = ServerProcess.Start(
            Path.GetTempPath(), [new("HOME", copy.Path("home"))], "--port", "0", "--model", "~/models--owner--xlmr-tiny");
        await server.WaitUntilReadyAsync();
        Directory.CreateSymbolicLink(Path.Combine(repository.FullName, "4567"), TestModels.XlmrTiny);

        await AssertFailsAsync(ExitCode.BadModel, "several snapshots", "--port", "0", "--model", copy.Path("home/models--owner--xlmr-tiny"));

        Assert.Equal(64, server.Ready.GetProperty("dim").GetInt32());
    }

    [Fact]
    public async Task A_damaged_graph_is_one_line_and_its_own_exit_code()
    {
        using var copy = TestModels.Copy(TestModels.Starter);
        File.WriteAllText(copy.Path("onnx/model.onnx"), "no graph");

        await AssertFailsAsync(ExitCode.BadModel, "model.onnx", "--port", "0", "--model", copy.Directory);
    }

    [Fact]
    public async Task Help_names_the_options_and_version_the_version()
    {
        await using var help = ServerProcess.Start(Path.GetTempPath(), "--help");
        await using var version = ServerProcess.Start(Path.GetTempPath(), "--version");

        var (helpCode, helpText, _) = await help.WaitForExitAsync();
        var (versionCode, versionText, _) = await version.WaitForExitAsync();

        Assert.All(["--port", "--model", "--help", "--version"], option => Assert.Contains(option, helpText, StringComparison.Ordinal));
        Assert.Equal("1.0.0", versionText.Trim());
        Assert.Equal((0, 0), (helpCode, versionCode));
    }

    private static async Task AssertFailsAsync(int expected, string named, params string[] arguments)
    {
        await using var server = ServerProcess.Start(Path.GetTempPath(), arguments);

        var (exitCode, output, error) = await server.WaitForExitAsync();

        Assert.Equal(expected, exitCode);
        Assert.Empty(output);
        var line = Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(named, line, StringComparison.Ordinal);
    }
}
