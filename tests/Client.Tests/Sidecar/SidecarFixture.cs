using ActorEmbed.Client.Tests.Processes;

namespace ActorEmbed.Client.Tests.Sidecar;

/// <summary>Sidecars of one test; none outlives it.</summary>
public abstract class SidecarFixture : IAsyncLifetime
{
    private readonly List<ActorEmbedSidecar> _sidecars = [];

    internal ManualTime Time { get; } = new();

    internal LineLogger Log { get; } = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var sidecar in _sidecars)
        {
            using var now = new CancellationTokenSource();
            await now.CancelAsync();
            await sidecar.StopAsync(now.Token).WaitAsync(Patience.Limit);
            await sidecar.DisposeAsync().AsTask().WaitAsync(Patience.Limit);
        }
    }

    internal ActorEmbedSidecar Create(Action<ActorEmbedSidecarOptions> configure, TimeProvider? time = null)
    {
        var options = new ActorEmbedSidecarOptions { Port = 0 };
        configure(options);
        var sidecar = new ActorEmbedSidecar(options, Log, time);
        _sidecars.Add(sidecar);
        return sidecar;
    }

    internal static void StandIn(ActorEmbedSidecarOptions options, Scenario? scenario = null)
    {
        options.ExecutablePath = typeof(SidecarFixture).Assembly.Location;
        options.Arguments.Add("stand-in");
        options.Environment[Scenario.Variable] = (scenario ?? new Scenario()).ToString();
    }

    /// <summary>Completes when the state is entered; to be called before what makes it happen.</summary>
    internal static Task<ActorEmbedSidecarStatus> EntersAsync(ActorEmbedSidecar sidecar, ActorEmbedSidecarState state)
    {
        var entered = new TaskCompletionSource<ActorEmbedSidecarStatus>(TaskCreationOptions.RunContinuationsAsynchronously);
        sidecar.StatusChanged += Look;
        return entered.Task.WaitAsync(Patience.Limit);

        void Look(object? sender, ActorEmbedSidecarStatus status)
        {
            if (status.State != state)
                return;
            sidecar.StatusChanged -= Look;
            entered.TrySetResult(status);
        }
    }

    internal static async Task CrashAsync(ActorEmbedSidecar sidecar, ActorEmbedSidecarState into = ActorEmbedSidecarState.Restarting)
    {
        var entered = EntersAsync(sidecar, into);
        Signals.Kill(sidecar.GetStatus().ProcessId!.Value);
        await entered;
    }

    internal static async Task<ActorEmbedException> FailureAsync(Task call) =>
        await Assert.ThrowsAsync<ActorEmbedException>(() => call.WaitAsync(Patience.Limit));
}
