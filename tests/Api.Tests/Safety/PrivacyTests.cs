using System.Diagnostics;
using System.Text.RegularExpressions;
using ActorEmbed.Tests.Shared.Processes;

namespace ActorEmbed.Api.Tests.Safety;

/// <summary>Nothing leaves the machine, and nothing is written outside our own places.</summary>
public sealed partial class PrivacyTests : IDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("actorembed-home-");

    public void Dispose() => _home.Delete(recursive: true);

    [Theory]
    [InlineData("embed", "a text")]
    [InlineData("doctor")]
    public async Task A_command_leaves_no_file_in_an_empty_home(params string[] arguments)
    {
        await using var command = ServerProcess.Start(_home.FullName, Environment(), arguments);
        command.StandardInput.Close();

        await command.WaitForExitAsync();

        Assert.Empty(Directory.GetFileSystemEntries(_home.FullName));
    }

    [Fact]
    public async Task A_server_leaves_no_file_in_an_empty_home()
    {
        await using var server = ServerProcess.Start(_home.FullName, Environment(), "serve", "--port", "0");
        await server.WaitUntilReadyAsync();
        Assert.True((await server.EmbedAsync("""{"texts":["a text"]}""")).IsSuccessStatusCode);

        server.Kill();
        await server.WaitForExitAsync();

        Assert.Empty(Directory.GetFileSystemEntries(_home.FullName));
    }

    [StraceFact]
    public async Task No_command_connects_to_another_machine_or_looks_one_up()
    {
        var trace = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var start = new ProcessStartInfo("strace")
        {
            ArgumentList = { "-f", "-qq", "-e", "trace=connect,sendto,sendmsg,sendmmsg", "-o", trace, "dotnet", ServerProcess.ExecutablePath, "embed", "a text" },
            WorkingDirectory = _home.FullName,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in Environment())
            start.Environment[name] = value.Length > 0 ? value : null;
        using var process = Process.Start(start)!;
        var vectors = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        var calls = await File.ReadAllLinesAsync(trace);
        File.Delete(trace);
        Assert.NotEmpty(vectors);
        Assert.DoesNotContain(calls, call => InternetAddress().IsMatch(call) && !call.Contains("\"127.0.0.1\"", StringComparison.Ordinal) && !call.Contains("\"::1\"", StringComparison.Ordinal));
    }

    /// <summary>A build server's variables stop what is to be shown not to happen on a user's machine.</summary>
    private Dictionary<string, string> Environment() => new()
    {
        ["HOME"] = _home.FullName,
        ["CI"] = "",
        ["ORT_DISABLE_TELEMETRY"] = "",
        ["XDG_CACHE_HOME"] = "",
    };

    [GeneratedRegex("sa_family=AF_INET")]
    private static partial Regex InternetAddress();
}
