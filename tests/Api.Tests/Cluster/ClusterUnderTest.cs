using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using ActorEmbed.Tests.Shared.Models;

namespace ActorEmbed.Api.Tests.Cluster;

/// <summary>One router and some inference nodes, each a process; by default all on the loopback address.</summary>
internal sealed class ClusterUnderTest : IAsyncDisposable
{
    private const string Here = "127.0.0.1";

    private readonly string _routerHost;
    private readonly int _routerPort = FreePort();
    private readonly string[] _seeds;

    /// <param name="routerHost">Where the router listens.</param>
    /// <param name="places">Where the workers run; three here by default.</param>
    /// <param name="expected">The models that the router is told; by default none, so that it serves what it finds.</param>
    public ClusterUnderTest(string routerHost = Here, IReadOnlyList<WorkerPlace>? places = null, params string[] expected)
    {
        _routerHost = routerHost;
        Places = places ?? [.. Enumerable.Range(0, 3).Select(_ => PlaceHere())];
        var httpPort = FreePort();
        // The router first, and a worker, so that a router which is started again finds the others.
        _seeds = ["--seed-node", $"{routerHost}:{_routerPort}", "--seed-node", Places[0].Address];
        RouterArguments =
        [
            "--role", "router", "--port", $"{httpPort}", "--cluster-port", $"{_routerPort}", "--advertise", routerHost, .. _seeds,
            .. expected.SelectMany(model => new[] { "--expect-model", Path.GetFileName(model) }),
        ];
        Client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{httpPort}") };
        Router = NodeProcess.Start(null, RouterArguments);
        Workers = [.. Places.Select(place => StartWorker(place))];
    }

    /// <summary>Where a worker runs.</summary>
    public sealed record WorkerPlace(string? Namespace, string Host, int Port)
    {
        /// <summary>What it is started with.</summary>
        public IReadOnlyList<string> Models { get; init; } = [TestModels.XlmrTiny];

        public string Address => $"{Host}:{Port}";
    }

    /// <summary>On the loopback address.</summary>
    public static WorkerPlace PlaceHere() => new(null, Here, FreePort());

    public HttpClient Client { get; }

    public IReadOnlyList<WorkerPlace> Places { get; }

    public NodeProcess Router { get; private set; }

    public NodeProcess[] Workers { get; }

    private string[] RouterArguments { get; }

    private string Logs => $"Router:\n{Router.Log}\nWorkers:\n{string.Join("\n---\n", Workers.Select(w => w.Log))}";

    public string RouterAddress => $"{_routerHost}:{_routerPort}";

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public NodeProcess StartWorker(WorkerPlace place, string? model = null) => NodeProcess.Start(
        place.Namespace,
        ["--role", "inference", .. (model is null ? place.Models : [model]).SelectMany(each => new[] { "--model", each }), "--threads", "1", "--cluster-port", $"{place.Port}", "--advertise", place.Host, .. _seeds]);

    public async Task RestartWorkerAsync(int index)
    {
        await Workers[index].DisposeAsync();
        Workers[index] = StartWorker(Places[index]);
    }

    public async Task RestartRouterAsync()
    {
        await Router.DisposeAsync();
        Router = NodeProcess.Start(null, RouterArguments);
    }

    /// <summary>What the router says of itself. It may be absent or loading, but one that is there never leaves a question unanswered.</summary>
    /// <param name="model">Which of several models is meant; null for the first.</param>
    public async Task<JsonElement> InfoAsync(string? model = null)
    {
        using var response = await Client.GetAsync(model is null ? "/info" : $"/info?model={Path.GetFileName(model)}");
        Assert.True(response.StatusCode != HttpStatusCode.GatewayTimeout, $"The router did not answer.\n{Logs}");
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>Waits until a worker takes part: it has returned a batch since this was asked.</summary>
    public async Task AwaitWorkingAsync(int index, string? model = null)
    {
        long? before = null;
        await AwaitNodeAsync(index, model, node =>
        {
            var batches = node.GetProperty("batches").GetInt64();
            // A process that was started again counts from nothing.
            before = before is null || batches < before ? batches : before;
            return batches > before;
        });
    }

    /// <summary>Waits until the router sees a worker in one of these states.</summary>
    public Task AwaitStateAsync(int index, params string[] states) =>
        AwaitNodeAsync(index, model: null, node => states.Contains(node.GetProperty("state").GetString()));

    public Task AwaitNodeAsync(int index, string? model, Func<JsonElement, bool> condition) => AwaitAsync(async () =>
        (await InfoAsync(model)).GetProperty("nodes").EnumerateArray().Any(node => node.GetProperty("address").GetString() == Places[index].Address && condition(node)));

    /// <summary>Repeats a question over HTTP until the answer is yes; a server that is down has not said so yet.</summary>
    public Task AwaitAsync(Func<Task<bool>> condition) => NodeProcess.AwaitAsync(
        async () =>
        {
            try
            {
                return await condition();
            }
            catch (HttpRequestException)
            {
                // Not up yet, or loading.
                return false;
            }
        },
        () => $"The condition did not hold in time.\n{Logs}");

    public async Task AwaitWorkersAsync()
    {
        for (var i = 0; i < Workers.Length; i++)
            await AwaitStateAsync(i, "free", "busy", "announced");
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Router.DisposeAsync();
        foreach (var worker in Workers)
            await worker.DisposeAsync();
    }
}
