using ActorEmbed.Api.Hosting.Stopping;

namespace ActorEmbed.Api.Hosting.Parent;

/// <summary>
/// Ends the server with its parent process, so that no orphan stays behind. Looks for as long as the process runs, also
/// while it is being stopped: accepted requests may finish only as long as somebody is there.
/// </summary>
internal sealed class ParentWatch(
    ServerOptions options, IHostApplicationLifetime lifetime, RequestDrain drain, TimeProvider time, ILogger<ParentWatch> log) : IHostedService, IDisposable
{
    // Interval and limit together keep the promise that a child is gone within 2 s of its parent.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(1);

    private ITimer? _timer;
    private ITimer? _limit;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!options.ExitWithParent && options.ParentPid is null)
            return Task.CompletedTask;
        var parent = ParentProcess.Find(options, out var isKnown);
        if (isKnown)
            _timer = time.CreateTimer(_ => Check(parent), null, TimeSpan.Zero, Interval);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _timer?.Dispose();
        _limit?.Dispose();
    }

    private void Check(ProcessIdentity? parent)
    {
        if (parent is { IsRunning: true } || _limit is not null)
            return;
        // Nobody reads the exit code any more, and a batch inside the model must not keep the process.
        _limit = time.CreateTimer(_ => ProcessEnd.Now(ExitCode.Success), null, StopLimit, Timeout.InfiniteTimeSpan);
        log.LogWarning("The parent process has ended; stopping");
        drain.End();
        lifetime.StopApplication();
    }
}
