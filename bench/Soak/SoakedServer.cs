using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ActorEmbed.Api;
using ActorEmbed.Api.Hosting;
using ActorEmbed.Inference;
using ActorEmbed.Inference.Hub;
using ActorEmbed.Inference.Loading;

namespace ActorEmbed.Soak;

/// <summary>The server in a process of its own: the production wiring, the embedded model, and a word that breaks it.</summary>
internal sealed class SoakedServer : IDisposable
{
    public const string Command = "serve";

    private readonly Process _process;

    private SoakedServer(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    public Uri Address { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>Resident memory in MB.</summary>
    public double ResidentMegabytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1e6;
        }
    }

    /// <summary>What the child process does.</summary>
    public static async Task RunAsync()
    {
        var options = new ServerOptions { Port = 0 };
        // Poison comes without end here, so failures in a row are no sign of a broken model.
        options.Scheduling.MaxFailedBatches = 100_000;
        await using var app = ServerApplication.Build(
            options, () => new PoisonableModel(ModelLoader.Load(EmbeddedModel.Directory, new ModelOptions { Threads = options.Threads })), Console.Out);
        await app.RunAsync();
    }

    public static async Task<SoakedServer> StartAsync()
    {
        var start = new ProcessStartInfo("dotnet", [typeof(SoakedServer).Assembly.Location, Command])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        // Each poisoned batch is a log line; nobody reads them here, but the pipe must not fill.
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var line = await process.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"The server ended with {process.ExitCode}."));
        var url = JsonSerializer.Deserialize<JsonElement>(line).GetProperty("url").GetString()!;
        return new SoakedServer(process, new Uri(url));
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
