using System.Diagnostics;
using System.Text.Json;

namespace ActorEmbed.Load;

/// <summary>The server's executable in a process of its own, on a port that the system chose.</summary>
internal sealed class ServerUnderLoad : IDisposable
{
    private readonly Process _process;

    private ServerUnderLoad(Process process, JsonElement ready)
    {
        _process = process;
        Model = ready.GetProperty("model").GetString()!;
        Client = new HttpClient(new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5) })
        {
            BaseAddress = new Uri(ready.GetProperty("url").GetString()!),
            Timeout = TimeSpan.FromMinutes(5),
        };
    }

    public string Model { get; }

    public HttpClient Client { get; }

    public static async Task<ServerUnderLoad> StartAsync(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "actorembed.dll"), "--port", "0", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        // Nobody reads the log here, but the pipe must not fill.
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The server did not start.");
        return new ServerUnderLoad(process, JsonSerializer.Deserialize<JsonElement>(line));
    }

    /// <param name="text">One text.</param>
    /// <param name="model">Which of several models; null for the first.</param>
    public Task EmbedAsync(string text, string? model = null) => EmbedAsync([text], model);

    public async Task EmbedAsync(IReadOnlyList<string> texts, string? model = null)
    {
        using var body = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(new { texts, model }));
        body.Headers.ContentType = new("application/json");
        using var response = await Client.PostAsync("/embed", body);
        response.EnsureSuccessStatusCode();
        await response.Content.ReadAsByteArrayAsync();
    }

    public void Dispose()
    {
        Client.Dispose();
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
