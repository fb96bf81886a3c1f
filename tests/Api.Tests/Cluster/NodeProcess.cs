using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace ActorEmbed.Api.Tests.Cluster;

/// <summary>A node of a cluster: the real executable, to be killed, frozen and stopped. Killed, if need be, when disposed.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _log = [];
    private readonly ConcurrentQueue<string> _standardOutput = [];

    private NodeProcess(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) => Note(line.Data);
        process.OutputDataReceived += (_, line) =>
        {
            Note(line.Data);
            if (line.Data is not null)
                _standardOutput.Enqueue(line.Data);
        };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    /// <summary>Everything that it wrote.</summary>
    public string Log => string.Join('\n', _log);

    /// <summary>The lines that it wrote there.</summary>
    public IReadOnlyCollection<string> StandardOutput => _standardOutput;

    /// <param name="networkNamespace">Where it runs; null for where the test runs.</param>
    /// <param name="arguments">Of the executable that lies beside the tests.</param>
    public static NodeProcess Start(string? networkNamespace, params string[] arguments)
    {
        string[] command = ["dotnet", Path.Combine(AppContext.BaseDirectory, "actorembed.dll"), .. arguments];
        if (networkNamespace is not null)
            command = ["ip", "netns", "exec", networkNamespace, .. command];
        return new NodeProcess(Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = Path.GetTempPath(),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);
    }

    /// <summary>Waits for something that processes take their time for; <paramref name="whyNot"/> is told when it does not come.</summary>
    public static async Task AwaitAsync(Func<Task<bool>> condition, Func<string> whyNot)
    {
        using var pause = new PeriodicTimer(Pause);
        using var patience = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            Assert.False(patience.IsCancellationRequested, whyNot());
            await pause.WaitForNextTickAsync();
        }
    }

    /// <summary>Waits until it has written this.</summary>
    public Task AwaitLogAsync(string text) =>
        AwaitAsync(() => Task.FromResult(Log.Contains(text, StringComparison.Ordinal)), () => $"'{text}' was not written in time:\n{Log}");

    public void Kill() => _process.Kill();

    public void Freeze() => Signal("STOP");

    public void Thaw() => Signal("CONT");

    /// <summary>Stops it in order and waits for the end.</summary>
    public async Task<int> StopAsync()
    {
        Signal("TERM");
        return await ExitCodeAsync();
    }

    /// <summary>Waits for an end that it comes to by itself.</summary>
    public async Task<int> ExitCodeAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Note(string? line)
    {
        if (line is not null)
            _log.Enqueue(line);
    }

    private void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }
}
