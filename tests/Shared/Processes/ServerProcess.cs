using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace ActorEmbed.Tests.Shared.Processes;

/// <summary>The real executable, as a parent process sees it. Killed, if need be, when disposed.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    // Start, load and exit take about a second; a loaded machine may take many times that.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task<string> _standardError;
    private readonly StringBuilder _standardOutput = new();

    private ServerProcess(Process process)
    {
        _process = process;
        _standardError = process.StandardError.ReadToEndAsync();
        Client = new HttpClient();
    }

    public HttpClient Client { get; }

    public JsonElement Ready { get; private set; }

    public int Id => _process.Id;

    /// <summary>What is given to the executable on its standard input; closed when the caller closes it.</summary>
    public StreamWriter StandardInput => _process.StandardInput;

    /// <summary>The executable that lies beside the tests.</summary>
    public static string ExecutablePath { get; } = Path.Combine(AppContext.BaseDirectory, "actorembed.dll");

    /// <summary>Starts the executable.</summary>
    public static ServerProcess Start(string workingDirectory, params string[] arguments) => Start(workingDirectory, [], arguments);

    /// <summary>Starts the executable with environment variables beside those of the tests; an empty value takes one away.</summary>
    public static ServerProcess Start(string workingDirectory, IEnumerable<KeyValuePair<string, string>> environment, params string[] arguments)
    {
        return Start(new ProcessStartInfo("dotnet") { WorkingDirectory = workingDirectory }, environment, [ExecutablePath, .. arguments]);
    }

    /// <summary>Starts the executable in the place of a shell that has run some commands before, such as <c>ulimit</c>.</summary>
    public static ServerProcess StartBy(string commands, params string[] arguments) => Start(
        new ProcessStartInfo("/bin/sh") { WorkingDirectory = Path.GetTempPath() }, [],
        ["-c", $"{commands}; exec dotnet \"$0\" \"$@\"", ExecutablePath, .. arguments]);

    private static ServerProcess Start(ProcessStartInfo start, IEnumerable<KeyValuePair<string, string>> environment, IEnumerable<string> arguments)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.RedirectStandardInput = true;
        // What the machine's own cache holds must not decide a test.
        start.Environment["HF_HUB_CACHE"] = Path.Combine(AppContext.BaseDirectory, "no-cache");
        foreach (var (name, value) in environment)
            start.Environment[name] = value.Length > 0 ? value : null;
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return new ServerProcess(Process.Start(start)!);
    }

    public static Task<ServerProcess> StartReadyAsync(params string[] arguments) =>
        StartReadyInAsync(Path.GetTempPath(), arguments);

    public static async Task<ServerProcess> StartReadyInAsync(string workingDirectory, params string[] arguments)
    {
        var server = Start(workingDirectory, arguments);
        await server.WaitUntilReadyAsync();
        return server;
    }

    /// <summary>Waits for the ready line.</summary>
    public async Task WaitUntilReadyAsync()
    {
        var line = await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience)
            ?? throw new InvalidOperationException($"The server ended without a ready line: {await _standardError}");
        _standardOutput.AppendLine(line);
        Ready = JsonSerializer.Deserialize<JsonElement>(line);
        var url = Ready.GetProperty("url").GetString()!;
        if (url.StartsWith("http", StringComparison.Ordinal))
            Client.BaseAddress = new Uri(url);
    }

    public Task<HttpResponseMessage> EmbedAsync(string json) =>
        Client.PostAsync("/embed", new StringContent(json, Encoding.UTF8, "application/json"));

    /// <summary>Sends SIGTERM; on Windows there is no such thing.</summary>
    public void Terminate() => Signal("TERM");

    /// <summary>Sends a signal by name.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>The next line of standard output; null at its end.</summary>
    public Task<string?> ReadOutputLineAsync() => _process.StandardOutput.ReadLineAsync().WaitAsync(Patience);

    public void Kill() => _process.Kill();

    /// <summary>Waits for the end: exit code and what was written.</summary>
    public async Task<(int ExitCode, string StandardOutput, string StandardError)> WaitForExitAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        _standardOutput.Append(await _process.StandardOutput.ReadToEndAsync(patience.Token));
        await _process.WaitForExitAsync(patience.Token);
        return (_process.ExitCode, _standardOutput.ToString(), await _standardError);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
