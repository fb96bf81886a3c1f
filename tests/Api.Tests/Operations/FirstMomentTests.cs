using System.Diagnostics;
using System.Globalization;
using ActorEmbed.Api.Hosting.Parent;
using ActorEmbed.Tests.Shared.Processes;

namespace ActorEmbed.Api.Tests.Operations;

/// <summary>What happens to a server before it serves. The moment is told by what it has loaded by then.</summary>
public sealed class FirstMomentTests
{
    private const string Runtime = "libcoreclr.so";
    private const string CommandLine = "System.CommandLine.dll";
    private const string Actors = "Akka.dll";
    private const string Model = "libonnxruntime.so";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [LinuxTheory]
    [InlineData("")]
    [InlineData(Runtime)]
    [InlineData(CommandLine)]
    [InlineData(Actors)]
    [InlineData(Model)]
    public async Task It_does_not_outlive_a_parent_that_ends_while_it_starts(string loaded)
    {
        using var parent = Process.Start(new ProcessStartInfo("/bin/sh")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["HF_HUB_CACHE"] = Path.Combine(AppContext.BaseDirectory, "no-cache") },
            ArgumentList = { "-c", $"dotnet '{ServerProcess.ExecutablePath}' --port 0 --exit-with-parent < /dev/null & echo $! >&2; wait; true" },
        })!;
        var child = int.Parse((await parent.StandardError.ReadLineAsync())!, CultureInfo.InvariantCulture);
        await LoadedAsync(child, loaded);

        parent.Kill();
        // The child holds the other end of this pipe until it ends.
        await parent.StandardOutput.ReadToEndAsync().WaitAsync(Patience);

        Assert.Null(ProcessIdentity.TryGet(child));
    }

    [LinuxTheory]
    [InlineData("TERM", CommandLine)]
    [InlineData("INT", CommandLine)]
    [InlineData("HUP", CommandLine)]
    [InlineData("TERM", Actors)]
    [InlineData("HUP", Model)]
    public async Task A_signal_before_it_serves_ends_it_as_one_does_later(string signal, string loaded)
    {
        await using var server = ServerProcess.Start(Path.GetTempPath(), "--port", "0");
        await LoadedAsync(server.Id, loaded);

        server.Signal(signal);
        var (exitCode, _, error) = await server.WaitForExitAsync();

        Assert.Equal(ExitCode.Success, exitCode);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [PosixFact]
    public async Task The_end_of_its_terminal_stops_it_as_a_signal_does()
    {
        await using var server = await ServerProcess.StartReadyAsync("--port", "0");

        server.Signal("HUP");

        Assert.Equal(ExitCode.Success, (await server.WaitForExitAsync()).ExitCode);
    }

    [PosixFact]
    public async Task Started_by_nohup_it_does_not_hear_the_end_of_its_terminal()
    {
        await using var server = ServerProcess.StartBy("trap '' HUP", "--port", "0");
        await server.WaitUntilReadyAsync();

        server.Signal("HUP");
        // Heard, it would have been the first signal, and this one the second.
        server.Terminate();

        Assert.Equal(ExitCode.Success, (await server.WaitForExitAsync()).ExitCode);
    }

    [PosixTheory]
    [InlineData(32)]
    [InlineData(64)]
    [InlineData(128)]
    [InlineData(200)]
    [InlineData(256)]
    public async Task Too_few_descriptors_are_one_line_and_the_code_of_a_bad_setting(int limit)
    {
        await using var server = ServerProcess.StartBy($"ulimit -n {limit}", "--port", "0");

        var (exitCode, output, error) = await server.WaitForExitAsync();

        Assert.Equal((ExitCode.BadOption, ""), (exitCode, output));
        Assert.Contains($"{limit} open files", Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    private static Task LoadedAsync(int process, string library) => Eventually.TrueAsync(async () =>
        library.Length == 0 || (await File.ReadAllTextAsync($"/proc/{process}/maps")).Contains(library, StringComparison.Ordinal));
}
