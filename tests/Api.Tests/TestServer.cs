using System.Text;
using System.Text.Json;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Api.Hosting;
using ActorEmbed.Api.Hosting.Models;
using ActorEmbed.Api.Http;
using ActorEmbed.Tests.Shared.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ActorEmbed.Api.Tests;

/// <summary>The server as it is shipped, on a port that the system chose; only the model is scripted.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestServer(WebApplication app, ScriptedModel model, StringWriter standardOutput)
    {
        _app = app;
        Model = model;
        StandardOutput = standardOutput;
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        app.Services.GetRequiredService<ILoggerFactory>().AddProvider(Log);
        Client = new HttpClient { BaseAddress = new Uri(address) };
    }

    public ScriptedModel Model { get; }

    public HttpClient Client { get; }

    public StringWriter StandardOutput { get; }

    /// <summary>What has been logged since the server started.</summary>
    public LogLines Log { get; } = new();

    public ServiceLifecycle Lifecycle => _app.Services.GetRequiredService<ServiceLifecycle>();

    public IReadOnlyList<Endpoint> Endpoints => _app.Services.GetRequiredService<EndpointDataSource>().Endpoints;

    /// <summary>With a model of a test's own, which may be one that does not come, or with one that is there when this returns.</summary>
    public static async Task<TestServer> StartAsync(ScriptedModel? model = null, Action<ServerOptions>? configure = null, Action<IServiceCollection>? replace = null)
    {
        var served = model ?? new ScriptedModel();
        var server = await StartAsync(served, [new ModelToServe(_ => served.Load())], configure, replace);
        if (model is null)
            await server.ReadyAsync();
        return server;
    }

    /// <summary>With several models; <see cref="Model"/> is the first.</summary>
    public static Task<TestServer> StartAsync(IReadOnlyList<(ScriptedModel Model, string? Name, string? Id)> models, Action<ServerOptions>? configure = null) =>
        StartAsync(models[0].Model, [.. models.Select(one => new ModelToServe(_ => one.Model.Load()) { Name = one.Name, Id = one.Id })], configure, replace: null);

    /// <summary>Waits until its first model is there: until then lists of models are answered with 503.</summary>
    public Task ReadyAsync() => Eventually.TrueAsync(async () => (await Get<ServedModels>().First.StatusAsync(CancellationToken.None)).State == ServiceState.Ready);

    public T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    public Task WaitForShutdownAsync() => _app.WaitForShutdownAsync();

    /// <summary>What a signal starts.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async Task<(HttpResponseMessage Response, JsonElement Body)> PostAsync(string json, string path = "/embed")
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        var response = await Client.PostAsync(path, content);
        return (response, await ReadJsonAsync(response));
    }

    public async Task<(HttpResponseMessage Response, JsonElement Body)> GetAsync(string path)
    {
        var response = await Client.GetAsync(path);
        return (response, await ReadJsonAsync(response));
    }

    /// <summary>Waits until the model has been given a batch.</summary>
    public Task InferenceStartedAsync() => Eventually.TrueAsync(() => Task.FromResult(!Model.Batches.IsEmpty));

    /// <summary>Waits until so many texts are in the queue.</summary>
    public Task QueuedAsync(int texts) => Eventually.TrueAsync(async () =>
        (await GetAsync("/info")).Body.GetProperty("queue").GetProperty("texts").GetInt32() == texts);

    /// <summary>With whatever models; <see cref="Model"/> is the first of them.</summary>
    public static async Task<TestServer> StartAsync(
        ScriptedModel first, IReadOnlyList<ModelToServe> models, Action<ServerOptions>? configure = null, Action<IServiceCollection>? replace = null)
    {
        var options = new ServerOptions { Port = 0, FailureExitDelay = TimeSpan.Zero };
        configure?.Invoke(options);
        var output = new StringWriter();
        var app = ServerApplication.Build(options, models, TextWriter.Synchronized(output), replace);
        await app.StartAsync();
        return new TestServer(app, first, output);
    }

    public static async Task<JsonElement> ReadJsonAsync(HttpResponseMessage response) =>
        JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsByteArrayAsync());

    public static float[][] VectorsOf(JsonElement body) => body.GetProperty("vectors").Deserialize<float[][]>()!;

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
