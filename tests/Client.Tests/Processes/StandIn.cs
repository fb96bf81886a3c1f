using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ActorEmbed.Client.Tests.Processes;

/// <summary>
/// A small server that behaves towards its parent as the real executable does, takes the same flags, and misbehaves as
/// its scenario asks.
/// </summary>
internal static class StandIn
{
    public static async Task<int> RunAsync(string[] flags)
    {
        var scenario = Scenario.Current;
        await Console.Error.WriteLineAsync($"flags {string.Join(' ', flags)}");
        if (scenario.ExitCode is { } exitCode)
        {
            await Console.Error.WriteLineAsync(scenario.LastWords);
            return exitCode;
        }

        if (scenario.ExitsFile is not null && NextExit(scenario.ExitsFile) is { } next)
            return next;

        var model = flags.SkipWhile(flag => flag != "--model").Skip(1).FirstOrDefault() ?? "stand-in/tiny";
        var stopping = new TaskCompletionSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            Console.Error.WriteLine("draining");
            if (!scenario.IgnoresSigTerm)
                stopping.TrySetResult();
        });
        if (flags.Contains("--exit-with-parent"))
            _ = Task.Run(() => { Console.In.ReadToEnd(); stopping.TrySetResult(); });

        await using var app = Build(int.Parse(flags[Array.IndexOf(flags, "--port") + 1], System.Globalization.CultureInfo.InvariantCulture));
        app.Run(context => AnswerAsync(context, model, scenario, stopping.Task));
        try
        {
            await app.StartAsync();
        }
        catch (IOException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 4;
        }

        var url = app.Urls.Single();
        await Console.Error.WriteLineAsync($"listening on {url}");
        if (!scenario.IsNeverReady)
        {
            Console.WriteLine("a line that is not for the parent");
            Console.WriteLine(JsonSerializer.Serialize(new { @event = "ready", url = scenario.ReadyUrl ?? url, model, dim = 3, pid = Environment.ProcessId }));
        }

        await stopping.Task;
        await app.StopAsync();
        return 0;
    }

    private static WebApplication Build(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        return builder.Build();
    }

    private static async Task AnswerAsync(HttpContext context, string model, Scenario scenario, Task stopping)
    {
        context.Response.Headers.Server = scenario.ServerHeader;
        switch (context.Request.Path.Value)
        {
            case "/health":
                await context.Response.WriteAsJsonAsync(new { status = "ok", model, dim = 3, device = "cpu" });
                break;
            case "/say":
                Console.WriteLine(await new StreamReader(context.Request.Body).ReadToEndAsync());
                break;
            case "/info":
                await context.Response.WriteAsJsonAsync(new { model_id = model, dim = 3, device = "cpu", version = "1.0.0", pid = Environment.ProcessId });
                break;
            default:
                var request = await context.Request.ReadFromJsonAsync<JsonElement>();
                var texts = request.GetProperty("texts").EnumerateArray().Select(text => text.GetString()!).ToArray();
                // A text that begins so is answered only when the server drains.
                if (texts.Any(text => text.StartsWith("hold", StringComparison.Ordinal)))
                {
                    await Console.Error.WriteLineAsync("holding");
                    await stopping;
                }

                await context.Response.WriteAsJsonAsync(new { vectors = texts.Select(ScriptedServer.VectorOf) });
                break;
        }
    }

    private static int? NextExit(string file)
    {
        var codes = File.ReadAllLines(file);
        if (codes.Length == 0)
            return null;
        File.WriteAllLines(file, codes.Skip(1));
        return int.Parse(codes[0], System.Globalization.CultureInfo.InvariantCulture);
    }
}
