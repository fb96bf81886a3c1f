using ActorEmbed.Client.Tests.Processes;

namespace ActorEmbed.Client.Tests.Sidecar;

/// <summary>What any server must go through.</summary>
public abstract class LifecycleTests : SidecarFixture
{
    // A signal's number above 128.
    private const int KilledExitCode = 137;

    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(1);

    protected abstract int CrashCycles { get; }

    internal abstract void Configure(ActorEmbedSidecarOptions options);

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Starts_embeds_and_stops()
    {
        var sidecar = CreateFast();
        var states = new List<ActorEmbedSidecarState>();
        sidecar.StatusChanged += (_, status) => states.Add(status.State);

        await sidecar.StartAsync();
        var running = sidecar.GetStatus();
        using var client = sidecar.CreateClient();
        var vectors = await client.EmbedBatchAsync(["one", "two"]);
        var healthy = await client.CheckHealthAsync();
        await sidecar.StopAsync();
        var stopped = sidecar.GetStatus();

        Assert.Equal(ActorEmbedSidecarState.Ready, running.State);
        Assert.Equal(new Uri($"http://127.0.0.1:{running.Port}"), running.Url);
        Assert.Equal(("cpu", "1.0.0"), (running.Device, running.Version));
        Assert.NotNull(running.Model);
        Assert.All(vectors, vector => Assert.Equal(running.Dimensions, vector.Length));
        Assert.True(healthy);
        Assert.False(Signals.IsRunning(running.ProcessId!.Value));
        Assert.Equal(new ActorEmbedSidecarStatus { State = ActorEmbedSidecarState.Stopped, LastExitCode = 0 }, stopped);
        Assert.Equal([ActorEmbedSidecarState.Starting, ActorEmbedSidecarState.Ready, ActorEmbedSidecarState.Stopping, ActorEmbedSidecarState.Stopped], states);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Starts_one_process_however_often_it_is_asked()
    {
        var sidecar = CreateFast();

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => sidecar.StartAsync())));
        var first = sidecar.GetStatus().ProcessId;
        await sidecar.StartAsync();

        Assert.Equal(first, sidecar.GetStatus().ProcessId);
        Assert.Equal(0, sidecar.GetStatus().Restarts);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Stops_twice_and_before_it_was_started()
    {
        var sidecar = CreateFast();

        await sidecar.StopAsync();
        await sidecar.StartAsync();
        await Task.WhenAll(sidecar.StopAsync(), sidecar.StopAsync());
        await sidecar.StopAsync();

        Assert.Equal(ActorEmbedSidecarState.Stopped, sidecar.GetStatus().State);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Obeys_the_last_of_many_calls()
    {
        var sidecar = CreateFast();

        Task[] ended = [sidecar.StartAsync(), sidecar.StopAsync(), sidecar.StartAsync(), sidecar.RestartAsync(), sidecar.StopAsync()];
        foreach (var start in new[] { ended[0], ended[2], ended[3] })
            Assert.Equal(ActorEmbedErrorCode.Stopped, (await FailureAsync(start)).Code);
        await ended[4];
        Assert.Equal(ActorEmbedSidecarState.Stopped, sidecar.GetStatus().State);

        var (first, stop, last) = (sidecar.StartAsync(), sidecar.StopAsync(), sidecar.StartAsync());
        Assert.Equal(ActorEmbedErrorCode.Stopped, (await FailureAsync(first)).Code);
        await stop;
        await last;
        Assert.Equal(ActorEmbedSidecarState.Ready, sidecar.GetStatus().State);

        (first, stop, last) = (sidecar.RestartAsync(), sidecar.StopAsync(), sidecar.RestartAsync());
        Assert.Equal(ActorEmbedErrorCode.Stopped, (await FailureAsync(first)).Code);
        await stop;
        await last;
        Assert.Equal(ActorEmbedSidecarState.Ready, sidecar.GetStatus().State);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Restarts_on_request_with_a_new_process()
    {
        var sidecar = CreateFast();
        await sidecar.StartAsync();
        var before = sidecar.GetStatus().ProcessId;

        await Task.WhenAll(sidecar.RestartAsync(), sidecar.RestartAsync());

        var after = sidecar.GetStatus();
        Assert.NotEqual(before, after.ProcessId);
        Assert.Equal((ActorEmbedSidecarState.Ready, 0), (after.State, after.Restarts));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Comes_back_after_a_kill_and_the_requests_in_flight_are_answered()
    {
        var sidecar = CreateFast();
        await sidecar.StartAsync();
        using var client = sidecar.CreateClient();
        await client.EmbedBatchAsync(["warm"]);
        var before = sidecar.GetStatus();

        var pending = Enumerable.Range(0, 20).Select(i => client.EmbedBatchAsync(Enumerable.Range(0, 200).Select(j => $"text {i} {j}"))).ToArray();
        Signals.Kill(before.ProcessId!.Value);
        var answers = await Task.WhenAll(pending).WaitAsync(Patience.Limit);

        Assert.All(answers, vectors => Assert.Equal(200, vectors.Count(vector => vector.Length == before.Dimensions)));
        var after = sidecar.GetStatus();
        Assert.NotEqual(before.ProcessId, after.ProcessId);
        Assert.Equal((ActorEmbedSidecarState.Ready, 1, KilledExitCode), (after.State, after.Restarts, after.LastExitCode));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Stops_under_load_without_leaving_a_request_open()
    {
        var sidecar = CreateFast();
        await sidecar.StartAsync();
        using var client = sidecar.CreateClient(new ActorEmbedClientOptions { RetryAttempts = 0 });

        var pending = Enumerable.Range(0, 20).Select(_ => client.EmbedBatchAsync(Enumerable.Range(0, 500).Select(i => $"text {i}"))).ToArray();
        await client.EmbedBatchAsync(["one"]);
        await sidecar.StopAsync();

        foreach (var call in pending)
        {
            if (await Record.ExceptionAsync(() => call.WaitAsync(Patience.Limit)) is { } failure)
                Assert.Contains(Assert.IsType<ActorEmbedException>(failure).Code, new[] { ActorEmbedErrorCode.NetworkError, ActorEmbedErrorCode.HttpError });
        }

        Assert.Equal((ActorEmbedSidecarState.Stopped, 0), (sidecar.GetStatus().State, sidecar.GetStatus().LastExitCode));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Takes_the_port_it_is_given_and_never_the_server_of_another()
    {
        var holder = CreateFast();
        await holder.StartAsync();
        var held = holder.GetStatus();
        var second = CreateFast(options => options.Port = held.Port!.Value);

        var failure = await FailureAsync(second.StartAsync());

        Assert.Equal((ActorEmbedErrorCode.PortInUse, 4), (failure.Code, failure.ExitCode));
        Assert.Contains($"another ActorEmbed (pid {held.ProcessId}", failure.Message, StringComparison.Ordinal);
        Assert.Equal((ActorEmbedSidecarState.Failed, null), (second.GetStatus().State, second.GetStatus().ProcessId));
        await holder.StopAsync();
        await second.StartAsync();
        Assert.Equal(held.Port, second.GetStatus().Port);
    }

    // A hundred cycles take ten times as long; each wait in them has a limit of its own.
    [Fact(Timeout = Patience.Milliseconds * 10)]
    public async Task Survives_crash_after_crash_and_leaks_nothing()
    {
        var sidecar = CreateFast();
        await sidecar.StartAsync();
        using var client = sidecar.CreateClient(new ActorEmbedClientOptions { RetryDelay = Soon });
        await client.EmbedBatchAsync(["warm"]);
        var processes = new HashSet<int?>();

        for (var cycle = 1; cycle <= CrashCycles; cycle++)
        {
            processes.Add(sidecar.GetStatus().ProcessId);
            var ready = EntersAsync(sidecar, ActorEmbedSidecarState.Ready);
            Signals.Kill(sidecar.GetStatus().ProcessId!.Value);
            Assert.Equal(cycle, (await ready).Restarts);
        }

        Assert.Equal(CrashCycles, processes.Count);
        Assert.Equal(sidecar.GetStatus().Dimensions, (await client.EmbedBatchAsync(["still there"]))[0].Length);
        Assert.DoesNotContain(processes, id => Signals.IsRunning(id!.Value));
    }

    private ActorEmbedSidecar CreateFast(Action<ActorEmbedSidecarOptions>? configure = null) => Create(options =>
    {
        Configure(options);
        (options.RestartDelay, options.MaxRestartDelay) = (Soon, Soon);
        configure?.Invoke(options);
    });
}
