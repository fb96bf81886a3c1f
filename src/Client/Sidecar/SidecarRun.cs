using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace ActorEmbed.Client.Sidecar;

/// <summary>
/// From a start to the stop or failure that ends it, with every process and pause between. One loop writes the state,
/// so that nothing in it can happen out of order; what other threads want is said by its methods.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The token sources hold no timer, and callers may cancel them at any time.")]
internal sealed class SidecarRun
{
    private readonly ActorEmbedSidecarOptions _options;
    private readonly StatusBoard _board;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;

    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _kill = new();
    private readonly TaskCompletionSource _stopped = NewSignal();
    private volatile TaskCompletionSource _attempt = NewSignal();
    private volatile TaskCompletionSource _hurry = NewSignal();

    /// <param name="options">Validated.</param>
    /// <param name="board">Where the state is told.</param>
    /// <param name="logger">Where the server's log goes.</param>
    /// <param name="time">For every delay.</param>
    /// <param name="predecessor">Ends when the run before this one has; the port is free only then.</param>
    public SidecarRun(ActorEmbedSidecarOptions options, StatusBoard board, ILogger logger, TimeProvider time, Task predecessor)
    {
        (_options, _board, _logger, _time) = (options, board, logger, time);
        Completion = Task.Run(() => SuperviseAsync(predecessor));
    }

    /// <summary>The attempt that is under way, or the last one: ends when the server is ready, or with why it is not.</summary>
    public Task Ready => _attempt.Task;

    /// <summary>Whether it has failed, so that a further start needs a run of its own.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Ends when no process is left. Never fails.</summary>
    public Task Completion { get; }

    public void Stop()
    {
        // Off this thread, which holds the sidecar's lock: a cancellation runs what waits for it.
        _ = _stop.CancelAsync();
        _stopped.TrySetResult();
    }

    /// <summary>Gives a stop that is under way no more time.</summary>
    public void Kill() => _ = _kill.CancelAsync();

    /// <summary>Ends the pause before a restart.</summary>
    public void Hurry() => _hurry.TrySetResult();

    private async Task SuperviseAsync(Task predecessor)
    {
        await predecessor.ConfigureAwait(false);
        var crashesInARow = 0;
        var isRestart = false;
        while (!_stop.IsCancellationRequested)
        {
            var end = await ServeOnceAsync(isRestart).ConfigureAwait(false);
            if (_stop.IsCancellationRequested)
                break;
            if (!IsFollowedByRestart(end, isRestart))
            {
                IsOver = true;
                _board.Update(status => Down(status, end, ActorEmbedSidecarState.Failed));
                Settle(_attempt, end.Failure);
                return;
            }

            if (end.Served >= _options.StableAfter)
                crashesInARow = 0;
            var pause = Pause(crashesInARow++);
            // New before the state says so: who starts because of it must not meet the attempt that is over.
            var attempt = _attempt;
            _attempt = NewSignal();
            _hurry = NewSignal();
            _logger.LogWarning("The server is gone: {Reason}. Restart in {Pause}.", end.Reason, pause);
            _board.Update(status => Down(status, end, ActorEmbedSidecarState.Restarting));
            Settle(attempt, end.Failure);
            await WaitAsync(pause).ConfigureAwait(false);
            isRestart = true;
        }

        _board.Update(status => Down(status, null, ActorEmbedSidecarState.Stopped));
        Settle(_attempt, new ActorEmbedException(ActorEmbedErrorCode.Stopped, "The start was ended by a stop."));
    }

    private async Task<RunEnd> ServeOnceAsync(bool isRestart)
    {
        _board.Update(status => status with
        {
            State = ActorEmbedSidecarState.Starting,
            Restarts = status.Restarts + (isRestart ? 1 : 0),
        });
        SidecarProcess? process = null;
        ReadyServer server;
        try
        {
            process = Launch();
            _board.Update(status => status with { ProcessId = process.Id });
            server = await BecomeReadyAsync(process).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever it is, a start that is waited for must end with it, and the process with the start.
        catch (Exception e)
#pragma warning restore CA1031
        {
            var failure = e as ActorEmbedException ?? new ActorEmbedException(ActorEmbedErrorCode.StartFailed, $"The server could not be started: {e.Message}", e);
            var exitCode = process is null ? (int?)null : await EndAsync(process).ConfigureAwait(false);
            return new RunEnd(exitCode, failure, TimeSpan.Zero);
        }

        // Before the state says so: what is served to those who hear of it counts.
        var readyAt = _time.GetTimestamp();
        _board.Update(status => Serving(status, server));
        _attempt.TrySetResult();
        await Task.WhenAny(process.Exited, _stopped.Task).ConfigureAwait(false);
        var code = await EndAsync(process).ConfigureAwait(false);
        return new RunEnd(code, null, _time.GetElapsedTime(readyAt));
    }

    private SidecarProcess Launch()
    {
        var start = new ProcessStartInfo { WorkingDirectory = _options.WorkingDirectory ?? "" };
        foreach (var (name, value) in _options.Environment)
            start.Environment[name] = value;

        var executable = ExecutableFinder.Find(_options.ExecutablePath, start.Environment, AppContext.BaseDirectory);
        start.FileName = executable;
        if (Path.GetExtension(executable).Equals(".dll", StringComparison.OrdinalIgnoreCase))
        {
            start.FileName = "dotnet";
            start.ArgumentList.Add(executable);
        }

        foreach (var argument in Arguments())
            start.ArgumentList.Add(argument);
        try
        {
            return SidecarProcess.Start(start, line => _logger.LogInformation("{Line}", line));
        }
        catch (Exception e) when (e is not ActorEmbedException)
        {
            throw new ActorEmbedException(ActorEmbedErrorCode.StartFailed, $"{executable} could not be run: {e.Message}", e);
        }
    }

    private IEnumerable<string> Arguments() =>
    [
        .. _options.Arguments,
        "--port", _options.Port.ToString(CultureInfo.InvariantCulture),
        .. _options.Model is { } model ? ["--model", model] : Array.Empty<string>(),
        .. _options.Device is { } device ? ["--device", device] : Array.Empty<string>(),
        .. _options.ExitWithParent
            ? ["--exit-with-parent", "--parent-pid", Environment.ProcessId.ToString(CultureInfo.InvariantCulture)]
            : Array.Empty<string>(),
    ];

    private async Task<ReadyServer> BecomeReadyAsync(SidecarProcess process)
    {
        using var deadline = new CancellationTokenSource(_options.StartTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, _stop.Token);
        var gate = new Lock();
        var isOver = false;
        void OnProgress(string line)
        {
            lock (gate)
            {
                if (!isOver)
                    deadline.CancelAfter(_options.StartTimeout);
            }

            _logger.LogDebug("{Line}", line);
        }

        process.Progressed += OnProgress;
        try
        {
            return await ReadyServer.FromAsync(process, _options, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
        {
            throw ReadyServer.TooSlow(process, _options.StartTimeout);
        }
        finally
        {
            process.Progressed -= OnProgress;
            lock (gate)
                isOver = true;
        }
    }

    private async Task<int> EndAsync(SidecarProcess process)
    {
        if (_stop.IsCancellationRequested)
            _board.Update(status => status with { State = ActorEmbedSidecarState.Stopping });
        var exitCode = process.Exited.IsCompleted
            ? await process.Exited.ConfigureAwait(false)
            : await process.StopAsync(_options.StopTimeout, _time, _kill.Token).ConfigureAwait(false);
        _board.Update(status => status with { LastExitCode = exitCode, ProcessId = null });
        return exitCode;
    }

    // A first start that fails is told to its caller and not repeated. Anything that was not asked for counts as a
    // crash, a clean exit too: the host still wants its server.
    private bool IsFollowedByRestart(RunEnd end, bool isRestart) =>
        _options.AutoRestart && !end.IsConfiguration && (end.Failure is null || isRestart);

    private TimeSpan Pause(int crashesBefore)
    {
        var longest = _options.MaxRestartDelay > _options.RestartDelay ? _options.MaxRestartDelay : _options.RestartDelay;
        return TimeSpan.FromSeconds(Math.Min(_options.RestartDelay.TotalSeconds * Math.Pow(2, crashesBefore), longest.TotalSeconds));
    }

    private async Task WaitAsync(TimeSpan pause)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        await Task.WhenAny(Task.Delay(pause, _time, over.Token), _hurry.Task).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
    }

    private static ActorEmbedSidecarStatus Serving(ActorEmbedSidecarStatus status, ReadyServer server) => status with
    {
        State = ActorEmbedSidecarState.Ready,
        ProcessId = server.ProcessId,
        Url = server.Url,
        Port = server.Url.Port,
        LastError = null,
        Model = server.Model,
        Dimensions = server.Dimensions,
        Device = server.Device,
        Version = server.Version,
    };

    private ActorEmbedSidecarStatus Down(ActorEmbedSidecarStatus status, RunEnd? end, ActorEmbedSidecarState state) => new()
    {
        State = state,
        Port = _options.Port == 0 ? null : _options.Port,
        Restarts = status.Restarts,
        LastExitCode = status.LastExitCode,
        LastError = end?.Failure?.Message ?? status.LastError,
    };

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static void Settle(TaskCompletionSource attempt, ActorEmbedException? failure)
    {
        if (failure is null)
            return;
        attempt.TrySetException(failure);
        // Nobody may be waiting, and then it is no failure that went unseen: the status tells it.
        _ = attempt.Task.Exception;
    }
}
