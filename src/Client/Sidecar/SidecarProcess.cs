using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ActorEmbed.Client.Sidecar;

/// <summary>One run of the server: from spawn to exit, never reused.</summary>
internal sealed partial class SidecarProcess
{
    // What a failed start quotes from the log: the last lines, which name the reason.
    private const int RememberedLogLines = 10;

    private const int SigTerm = 15;

    // Pipes normally close with their process; a grandchild that inherited them can hold them open for ever.
    private static readonly TimeSpan PipesCloseWithin = TimeSpan.FromSeconds(1);

    private readonly Process _process;
    private readonly Queue<string> _logTail = new();
    private readonly TaskCompletionSource<ReadyLine> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SidecarProcess(Process process, Action<string> onLog)
    {
        _process = process;
        Id = process.Id;
        Exited = WaitAsync(
            LinePump.RunAsync(process.StandardOutput, line =>
            {
                if (ReadyLine.Parse(line) is { } ready)
                    _ready.TrySetResult(ready);
                else if (ProgressLine.Is(line))
                    Progressed?.Invoke(line);
            }),
            LinePump.RunAsync(process.StandardError, line =>
            {
                Remember(line);
                onLog(line);
            }));
    }

    /// <summary>Called with each line in which the server says what it is doing before it is ready.</summary>
    public event Action<string>? Progressed;

    public int Id { get; }

    /// <summary>Completes on the ready line; never, if none comes.</summary>
    public Task<ReadyLine> Ready => _ready.Task;

    /// <summary>The exit code, once the process is gone and its output has been read.</summary>
    public Task<int> Exited { get; }

    /// <summary>The last lines of the server's log.</summary>
    public string LogTail
    {
        get
        {
            lock (_logTail)
                return string.Join('\n', _logTail);
        }
    }

    /// <exception cref="Win32Exception">The file cannot be executed.</exception>
    public static SidecarProcess Start(ProcessStartInfo start, Action<string> onLog)
    {
        start.UseShellExecute = false;
        start.CreateNoWindow = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        // The life line: never written to, and closed by the system when this process dies, by SIGKILL too, which is
        // how the server learns that it has no parent any more.
        start.RedirectStandardInput = true;
        return new SidecarProcess(Process.Start(start)!, onLog);
    }

    /// <summary>Asks the server to finish its work and exit; kills it after the grace time, or when told to.</summary>
    public async Task<int> StopAsync(TimeSpan grace, TimeProvider time, CancellationToken kill)
    {
        Terminate();
        try
        {
            return await Exited.WaitAsync(grace, time, kill).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            Kill();
            return await Exited.ConfigureAwait(false);
        }
    }

    private void Terminate()
    {
        try
        {
            if (OperatingSystem.IsWindows())
                // Windows has no signal that asks; the end of standard input does.
                _process.StandardInput.Close();
            else if (!_process.HasExited)
                _ = SendSignal(Id, SigTerm);
        }
        catch (Exception e) when (e is InvalidOperationException or IOException)
        {
            // It is gone already.
        }
    }

    private void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It is gone already.
        }
    }

    private async Task<int> WaitAsync(params Task[] pumps)
    {
        await _process.WaitForExitAsync().ConfigureAwait(false);
        var exitCode = _process.ExitCode;
        // Real time, whatever the sidecar's clock: a pipe's end is no business of schedules.
        await Task.WhenAny(Task.WhenAll(pumps), Task.Delay(PipesCloseWithin)).ConfigureAwait(false);
        // Not by Process.Dispose: left to it, three descriptors of each process wait for the garbage collector.
        _process.StandardInput.Dispose();
        _process.StandardOutput.Dispose();
        _process.StandardError.Dispose();
        _process.Dispose();
        return exitCode;
    }

    private void Remember(string line)
    {
        lock (_logTail)
        {
            _logTail.Enqueue(line);
            if (_logTail.Count > RememberedLogLines)
                _logTail.Dequeue();
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int SendSignal(int processId, int signal);
}
