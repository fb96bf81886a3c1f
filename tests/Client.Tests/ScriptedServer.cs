using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ActorEmbed.Client.Tests;

/// <summary>A server that answers each request as the next behaviour says; the last one repeats.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Lock _gate = new();
    private readonly List<(int Count, TaskCompletionSource Reached)> _waiters = [];

    private ScriptedServer(WebApplication app, Behaviour[] script)
    {
        _app = app;
        app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var request = new SeenRequest(
                context.Request.Method, context.Request.Path, new HeaderDictionary(context.Request.Headers.ToDictionary()), await reader.ReadToEndAsync());
            Behaviour behaviour;
            lock (_gate)
            {
                behaviour = script[Math.Min(Requests.Count, script.Length - 1)];
                Requests.Enqueue(request);
                foreach (var waiter in _waiters.Where(waiter => Requests.Count >= waiter.Count))
                    waiter.Reached.TrySetResult();
            }

            await behaviour(request, context);
        });
    }

    /// <summary>What <see cref="EmbedBinary"/> says that it is; the other one says it no more than the Python sidecar did.</summary>
    public const string Model = "a/m";

    public ConcurrentQueue<SeenRequest> Requests { get; } = [];

    public int Port => new Uri(_app.Urls.Single()).Port;

    public static async Task<ScriptedServer> StartAsync(params Behaviour[] script)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var server = new ScriptedServer(builder.Build(), script);
        await server._app.StartAsync();
        return server;
    }

    /// <summary>Three numbers that float32 holds exactly.</summary>
    public static float[] VectorOf(string text) => [text.Length, text.FirstOrDefault(), 0.5f];

    public Task ReceivedAsync(int count)
    {
        lock (_gate)
        {
            if (Requests.Count >= count)
                return Task.CompletedTask;
            var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((count, waiter));
            return waiter.Task.WaitAsync(Patience.Limit);
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        // Requests that are never answered are cut off, not waited for.
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    public static Behaviour Json(int status, object value, params (string Name, string Value)[] headers) => (_, context) =>
    {
        context.Response.StatusCode = status;
        foreach (var (name, text) in headers)
            context.Response.Headers[name] = text;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(value as string ?? JsonSerializer.Serialize(value));
    };

    public static Task Embed(SeenRequest request, HttpContext context) =>
        Json(200, new { vectors = request.Texts.Select(VectorOf) })(request, context);

    public static Task EmbedBinary(SeenRequest request, HttpContext context) =>
        Binary([.. request.Texts.SelectMany(VectorOf).SelectMany(BitConverter.GetBytes)], ("X-Embedding-Count", $"{request.Texts.Length}"),
            ("X-Embedding-Dimensions", "3"), ("X-Embedding-Model", Model), ("X-Embedding-Tokens", $"{request.Texts.Sum(text => text.Length)}"))(request, context);

    public static Behaviour Binary(byte[] body, params (string Name, string Value)[] headers) => async (_, context) =>
    {
        context.Response.ContentType = "application/octet-stream";
        foreach (var (name, text) in headers)
            context.Response.Headers[name] = text;
        await context.Response.Body.WriteAsync(body);
    };

    public static Task ResetBeforeAnswer(SeenRequest request, HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }

    public static async Task ResetInMidBody(SeenRequest request, HttpContext context)
    {
        await HalfAnAnswerAsync(context);
        context.Abort();
    }

    public static async Task StopInMidBody(SeenRequest request, HttpContext context)
    {
        await HalfAnAnswerAsync(context);
        await NeverAnswer(request, context);
    }

    public static async Task NeverAnswer(SeenRequest request, HttpContext context)
    {
        var gone = new TaskCompletionSource();
        await using var registration = context.RequestAborted.Register(() => gone.TrySetResult());
        await gone.Task;
    }

    private static async Task HalfAnAnswerAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = 1000;
        await context.Response.WriteAsync("{\"vectors\":[[0.1,");
        await context.Response.Body.FlushAsync();
    }
}
