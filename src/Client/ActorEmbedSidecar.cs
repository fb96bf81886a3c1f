using ActorEmbed.Client.Http;
using ActorEmbed.Client.Sidecar;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ActorEmbed.Client;

/// <summary>
/// Keeps one server running as a child of this process: starts it, restarts it after a crash, stops it. Thread-safe;
/// every method may be called at any time and in any number, and the last call wins.
/// </summary>
public sealed class ActorEmbedSidecar : IHostedService, IAsyncDisposable, IDisposable
{
    private readonly ActorEmbedSidecarOptions _options;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly StatusBoard _board;
    private readonly Lock _gate = new();
    private SidecarRun? _run;
    private SidecarRun? _stopping;
    private Task _previous = Task.CompletedTask;
    private Task? _restart;
    private bool _isDisposed;

    /// <summary>Creates a sidecar; nothing is started yet.</summary>
    /// <param name="options">Default: port 8421 and the executable beside the application.</param>
    /// <param name="logger">Receives the server's log, and what this class does. Default: none.</param>
    /// <param name="timeProvider">For every delay. Default: the system's clock.</param>
    /// <exception cref="OptionsValidationException">Names every option that is out of range.</exception>
    public ActorEmbedSidecar(
        ActorEmbedSidecarOptions? options = null, ILogger<ActorEmbedSidecar>? logger = null, TimeProvider? timeProvider = null)
    {
        _options = (options ?? new ActorEmbedSidecarOptions()).Validated();
        _logger = new ForgivingLogger(logger ?? NullLogger<ActorEmbedSidecar>.Instance);
        _time = timeProvider ?? TimeProvider.System;
        _board = new StatusBoard(new ActorEmbedSidecarStatus { Port = _options.Port == 0 ? null : _options.Port }, _time, Tell);
        Address = new FollowedServer(_board, Coming, _time);
    }

    /// <summary>
    /// Raised after each change of <see cref="ActorEmbedSidecarStatus.State"/>, in order. Handlers may call every method,
    /// but must not wait for its task: the sidecar goes on only when they return.
    /// </summary>
    public event EventHandler<ActorEmbedSidecarStatus>? StatusChanged;

    internal IServerAddress Address { get; }

    /// <summary>Where the server will be; null where the system chooses the port, which may change with each start.</summary>
    internal Uri? FixedUrl => _options.Port == 0 ? null : new UriBuilder(Uri.UriSchemeHttp, "127.0.0.1", _options.Port).Uri;

    internal string? Token => _options.Token;

    /// <summary>How the sidecar is doing right now.</summary>
    public ActorEmbedSidecarStatus GetStatus() => _board.Current;

    /// <summary>
    /// Completes when the server is ready; at once if it is. Calls during a start share it, and one during the pause
    /// before a restart ends the pause. A first start that fails is told here and not repeated; one after a crash is.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait, not the start.</param>
    /// <exception cref="ActorEmbedException">StartFailed, PortInUse or Stopped.</exception>
    public Task StartAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_run is null or { IsOver: true })
                _run = new SidecarRun(_options, _board, _logger, _time, Task.WhenAll(_previous, _run?.Completion ?? Task.CompletedTask));
            else
                _run.Hurry();
            return _run.Ready.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Completes when the process is gone. The server is asked to finish its work, and killed after <see cref="ActorEmbedSidecarOptions.StopTimeout"/>.</summary>
    /// <param name="cancellationToken">Kills the server at once.</param>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        SidecarRun? stopping;
        Task gone;
        lock (_gate)
            (stopping, gone) = TakeRun();

        using var kill = cancellationToken.Register(() => stopping?.Kill());
        await gone.ConfigureAwait(false);
        // A run that failed is over, and tells no further state; one that has started since has a state of its own.
        _board.Update(status => status.State == ActorEmbedSidecarState.Failed && Volatile.Read(ref _run) is null
            ? status with { State = ActorEmbedSidecarState.Stopped }
            : status);
    }

    /// <summary>A stop and a start; calls during a restart share it. A stop that is called meanwhile wins.</summary>
    /// <param name="cancellationToken">Ends the wait, not the restart.</param>
    /// <exception cref="ActorEmbedException">StartFailed, PortInUse or Stopped.</exception>
    public Task RestartAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            // A stop in between has ended the restart before it: that one is not shared.
            if (_restart is null or { IsCompleted: true })
            {
                TakeRun();
                _restart = StartAsync(CancellationToken.None);
            }

            return _restart.WaitAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Tells the run to stop and forgets it; whoever starts next waits for its end. Under the lock, so that no handler may
    /// run in here: the run tells its own states, from its own thread.
    /// </summary>
    private (SidecarRun? Stopping, Task Gone) TakeRun()
    {
        _run?.Stop();
        _stopping = _run ?? _stopping;
        _previous = Task.WhenAll(_previous, _run?.Completion ?? Task.CompletedTask);
        _run = null;
        _restart = null;
        return (_stopping, _previous);
    }

    /// <summary>
    /// A client that follows this sidecar: to whatever port it has, and across restarts, for which each attempt waits up
    /// to <see cref="ActorEmbedClientOptions.Timeout"/> in place of failing.
    /// </summary>
    /// <param name="options">Address and port have no effect.</param>
    /// <exception cref="OptionsValidationException">Names every option that is out of range.</exception>
    public ActorEmbedClient CreateClient(ActorEmbedClientOptions? options = null)
    {
        var own = (options ?? new ActorEmbedClientOptions()).Copy();
        own.BaseUrl = null;
        own.Token ??= _options.Token;
        return new ActorEmbedClient(own, _time, this);
    }

    /// <summary>Stops the server as <see cref="StopAsync"/> does. There is no start afterwards.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_gate)
            _isDisposed = true;
        return new ValueTask(StopAsync(CancellationToken.None));
    }

    /// <summary>Kills the server, and waits for nothing; <see cref="DisposeAsync"/> is the polite way.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            (_run ?? _stopping)?.Kill();
        }

        _ = StopAsync(CancellationToken.None);
    }

    private Task? Coming()
    {
        lock (_gate)
            return _run is { IsOver: false } run ? run.Ready : null;
    }

    private void Tell(ActorEmbedSidecarStatus status)
    {
        _logger.LogInformation("The sidecar is {State}, pid {ProcessId}, {Url}.", status.State, status.ProcessId, status.Url);
        try
        {
            StatusChanged?.Invoke(this, status);
        }
#pragma warning disable CA1031 // A handler's failure is the host's, and must not end the supervision of the server.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _logger.LogError(e, "A handler of StatusChanged failed.");
        }
    }
}
