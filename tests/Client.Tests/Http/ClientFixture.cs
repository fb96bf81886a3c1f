namespace ActorEmbed.Client.Tests.Http;

/// <summary>Servers and clients of one test.</summary>
public abstract class ClientFixture : IAsyncLifetime
{
    private readonly List<IAsyncDisposable> _servers = [];
    private readonly List<IDisposable> _clients = [];

    internal ManualTime Time { get; } = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _clients.ForEach(client => client.Dispose());
        foreach (var server in _servers)
            await server.DisposeAsync().AsTask().WaitAsync(Patience.Limit);
    }

    internal async Task<ScriptedServer> ServeAsync(params Behaviour[] script)
    {
        var server = await ScriptedServer.StartAsync(script);
        _servers.Add(server);
        return server;
    }

    internal ActorEmbedClient Connect(ScriptedServer server, Action<ActorEmbedClientOptions>? configure = null) =>
        Connect(server.Port, TimeProvider.System, options =>
        {
            options.RetryDelay = TimeSpan.Zero;
            configure?.Invoke(options);
        });

    internal ActorEmbedClient Connect(int port, TimeProvider time, Action<ActorEmbedClientOptions>? configure = null)
    {
        var options = new ActorEmbedClientOptions { Port = port };
        configure?.Invoke(options);
        var client = new ActorEmbedClient(options, time);
        _clients.Add(client);
        return client;
    }

    internal static async Task<ActorEmbedException> FailureAsync(Task call) =>
        await Assert.ThrowsAsync<ActorEmbedException>(() => call.WaitAsync(Patience.Limit));
}
