using ActorEmbed.Client.Tests.Processes;
using State = ActorEmbed.Client.ActorEmbedSidecarState;

namespace ActorEmbed.Client.Tests.Sidecar;

public sealed class StopTests : SidecarFixture
{
    [PosixFact(Timeout = Patience.Milliseconds)]
    public async Task The_server_finishes_what_it_is_working_on()
    {
        var sidecar = Create(options => StandIn(options));
        await sidecar.StartAsync();
        using var client = sidecar.CreateClient();

        var pending = client.EmbedBatchAsync(["hold on"]);
        await Log.LineAsync("holding");
        await sidecar.StopAsync();

        Assert.Equal([ScriptedServer.VectorOf("hold on")], await pending);
        Assert.Equal(0, sidecar.GetStatus().LastExitCode);
    }

    [PosixFact(Timeout = Patience.Milliseconds)]
    public async Task A_server_that_does_not_listen_is_killed_after_the_grace_time()
    {
        var sidecar = Create(options => StandIn(options, new Scenario { IgnoresSigTerm = true }), Time);
        await sidecar.StartAsync();

        var stopping = sidecar.StopAsync();
        await Log.LineAsync("draining");
        await Time.RunsAsync(TimeSpan.FromSeconds(10));
        Time.Advance(TimeSpan.FromMilliseconds(9_999));
        Assert.Equal(State.Stopping, sidecar.GetStatus().State);
        Time.Advance(TimeSpan.FromMilliseconds(1));
        await stopping.WaitAsync(Patience.Limit);

        Assert.Equal((State.Stopped, 137), (sidecar.GetStatus().State, sidecar.GetStatus().LastExitCode));
    }

    [PosixFact(Timeout = Patience.Milliseconds)]
    public async Task Cancellation_kills_a_server_that_does_not_listen_at_once()
    {
        var sidecar = Create(options => StandIn(options, new Scenario { IgnoresSigTerm = true }), Time);
        await sidecar.StartAsync();
        using var impatience = new CancellationTokenSource();

        var polite = sidecar.StopAsync();
        await Log.LineAsync("draining");
        var impatient = sidecar.StopAsync(impatience.Token);
        await impatience.CancelAsync();
        await Task.WhenAll(polite, impatient).WaitAsync(Patience.Limit);

        Assert.Equal(137, sidecar.GetStatus().LastExitCode);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task A_disposed_sidecar_has_stopped_and_does_not_start()
    {
        var sidecar = Create(options => StandIn(options));
        await sidecar.StartAsync();
        var process = sidecar.GetStatus().ProcessId!.Value;

        await sidecar.DisposeAsync();

        Assert.False(Signals.IsRunning(process));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => sidecar.StartAsync());
    }
}
