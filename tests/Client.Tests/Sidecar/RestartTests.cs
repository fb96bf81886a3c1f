using System.Net;
using System.Net.Sockets;
using ActorEmbed.Client.Tests.Processes;
using State = ActorEmbed.Client.ActorEmbedSidecarState;

namespace ActorEmbed.Client.Tests.Sidecar;

public sealed class RestartTests : SidecarFixture, IDisposable
{
    private readonly string _exits = Path.GetTempFileName();

    public void Dispose() => File.Delete(_exits);

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task The_pause_is_2_seconds_doubles_with_each_crash_and_is_2_again_after_a_minute_of_service()
    {
        var sidecar = Create(options => StandIn(options), Time);
        await sidecar.StartAsync();

        foreach (var (seconds, served) in new[] { (2, 0), (4, 59), (8, 0), (2, 60) })
        {
            Time.Advance(TimeSpan.FromSeconds(served));
            await CrashAsync(sidecar);
            await Time.RunsAsync(TimeSpan.FromSeconds(seconds));
            Time.Advance(TimeSpan.FromMilliseconds((seconds * 1000) - 1));
            Assert.Equal(State.Restarting, sidecar.GetStatus().State);
            var ready = EntersAsync(sidecar, State.Ready);
            Time.Advance(TimeSpan.FromMilliseconds(1));
            await ready;
        }

        Assert.Equal(4, sidecar.GetStatus().Restarts);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task A_handler_may_call_from_another_thread_while_a_failed_run_is_restarted()
    {
        var sidecar = Create(options => StandIn(options, new Scenario { ExitsFile = _exits }));
        File.WriteAllLines(_exits, ["3", "3", "3", "3"]);
        await Assert.ThrowsAsync<ActorEmbedException>(() => sidecar.StartAsync());
        var isHeldUp = false;
        sidecar.StatusChanged += (_, _) => isHeldUp |= !Task.Run(() => { _ = sidecar.StopAsync(); }).Wait(Patience.Limit);

        var restart = sidecar.RestartAsync();
        await Assert.ThrowsAsync<ActorEmbedException>(() => restart);

        Assert.False(isHeldUp);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task The_pause_grows_no_longer_than_the_cap_also_while_starts_fail()
    {
        var sidecar = Create(options =>
        {
            StandIn(options, new Scenario { ExitsFile = _exits });
            (options.RestartDelay, options.MaxRestartDelay) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3));
        }, Time);
        await sidecar.StartAsync();
        File.WriteAllLines(_exits, ["1", "5", "139"]);
        await CrashAsync(sidecar);

        foreach (var seconds in new[] { 1, 2, 3 })
        {
            await Time.RunsAsync(TimeSpan.FromSeconds(seconds));
            var failed = EntersAsync(sidecar, State.Restarting);
            Time.Advance(TimeSpan.FromSeconds(seconds));
            await failed;
        }

        Assert.Contains("signal 11", sidecar.GetStatus().LastError, StringComparison.Ordinal);
        await Time.RunsAsync(TimeSpan.FromSeconds(3));
        var ready = EntersAsync(sidecar, State.Ready);
        Time.Advance(TimeSpan.FromSeconds(3));
        Assert.Null((await ready).LastError);
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task An_exit_code_that_means_configuration_ends_the_restarts(int exitCode)
    {
        var sidecar = Create(options => StandIn(options, new Scenario { ExitsFile = _exits }), Time);
        await sidecar.StartAsync();
        File.WriteAllLines(_exits, [$"{exitCode}"]);
        await CrashAsync(sidecar);

        var failed = EntersAsync(sidecar, State.Failed);
        await Time.RunsAsync(TimeSpan.FromSeconds(2));
        Time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(exitCode, (await failed).LastExitCode);
        Assert.Empty(Time.Running);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task There_is_none_when_it_is_switched_off_and_a_start_begins_anew()
    {
        var sidecar = Create(options =>
        {
            StandIn(options);
            options.AutoRestart = false;
        }, Time);
        await sidecar.StartAsync();

        await CrashAsync(sidecar, State.Failed);
        Assert.Empty(Time.Running);
        await sidecar.StartAsync();

        Assert.Equal((State.Ready, 0), (sidecar.GetStatus().State, sidecar.GetStatus().Restarts));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task A_stop_during_the_pause_ends_it()
    {
        var sidecar = Create(options => StandIn(options), Time);
        await sidecar.StartAsync();
        await CrashAsync(sidecar);

        await sidecar.StopAsync();

        Assert.Equal(State.Stopped, sidecar.GetStatus().State);
        Assert.Empty(Time.Running);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task A_start_during_the_pause_ends_it()
    {
        var sidecar = Create(options => StandIn(options), Time);
        await sidecar.StartAsync();
        await CrashAsync(sidecar);

        await sidecar.StartAsync();

        Assert.Equal((State.Ready, 1), (sidecar.GetStatus().State, sidecar.GetStatus().Restarts));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task A_handler_can_refuse_it()
    {
        var sidecar = Create(options => StandIn(options), Time);
        await sidecar.StartAsync();
        var stopped = EntersAsync(sidecar, State.Stopped);
        sidecar.StatusChanged += (_, status) =>
        {
            if (status.State == State.Restarting)
                _ = sidecar.StopAsync();
        };

        await CrashAsync(sidecar);

        Assert.Equal(137, (await stopped).LastExitCode);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task A_handler_that_throws_changes_nothing()
    {
        var sidecar = Create(options => StandIn(options), Time);
        sidecar.StatusChanged += (_, _) => throw new InvalidOperationException("a mistake of the host");

        await sidecar.StartAsync();

        Assert.Equal(State.Ready, sidecar.GetStatus().State);
        await Log.LineAsync("handler of StatusChanged");
    }

    [PosixFact(Timeout = Patience.Milliseconds)]
    public async Task A_clean_exit_that_nobody_asked_for_is_a_crash_too()
    {
        var sidecar = Create(options => StandIn(options), Time);
        await sidecar.StartAsync();
        var restarting = EntersAsync(sidecar, State.Restarting);

        Signals.Terminate(sidecar.GetStatus().ProcessId!.Value);

        Assert.Equal(0, (await restarting).LastExitCode);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task A_stranger_that_took_the_port_meanwhile_ends_the_restarts()
    {
        var sidecar = Create(options =>
        {
            StandIn(options);
            options.Port = FreePort.Find();
        }, Time);
        await sidecar.StartAsync();
        var port = sidecar.GetStatus().Port!.Value;
        await CrashAsync(sidecar);
        using var stranger = new TcpListener(IPAddress.Loopback, port);
        stranger.Start();

        var failed = EntersAsync(sidecar, State.Failed);
        await Time.RunsAsync(TimeSpan.FromSeconds(2));
        Time.Advance(TimeSpan.FromSeconds(2));
        using var caller = await stranger.AcceptTcpClientAsync().WaitAsync(Patience.Limit);
        await caller.GetStream().WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray());

        Assert.Contains("another program", (await failed).LastError, StringComparison.Ordinal);
    }
}
