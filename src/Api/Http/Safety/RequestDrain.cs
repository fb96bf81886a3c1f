namespace ActorEmbed.Api.Http.Safety;

/// <summary>
/// Lets accepted requests finish before the server stops listening. From the moment it is told to stop, new requests
/// are answered 503 with <c>Connection: close</c>; when the time for the accepted ones is over, they are too.
/// </summary>
internal sealed class RequestDrain(ServerOptions options, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<RequestDrain> log)
    : IHostedLifecycleService, IDisposable
{
    // Time to send the answers of those that were cut off.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    private static readonly PathString Live = "/health/live";

    private readonly CancellationTokenSource _hasBegun = new();
    private readonly CancellationTokenSource _isOver = new();
    private readonly TaskCompletionSource _isEmpty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running;
    private volatile bool _isStopping;

    // A signal sets the one some moments before the host sets the other; a host that is stopped by a call, after it.
    private bool IsDraining => _isStopping || lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>Cancelled when the drain begins: for what has no end of its own, which nobody would wait for.</summary>
    public CancellationToken Begun => _hasBegun.Token;

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        // Counted first: whoever is counted before the drain begins is waited for.
        Interlocked.Increment(ref _running);
        try
        {
            if (IsDraining && context.Request.Path != Live)
                await RefuseAsync(context, "The server is stopping.");
            else
                await FinishAsync(context, next);
        }
        finally
        {
            if (Interlocked.Decrement(ref _running) == 0 && IsDraining)
                _isEmpty.TrySetResult();
        }
    }

    /// <summary>Cuts off what still runs: nobody waits for it.</summary>
    public void End()
    {
        try
        {
            _isOver.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The parent ended when everything was over already.
        }
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _isStopping = true;
        await _hasBegun.CancelAsync();
        if (Volatile.Read(ref _running) == 0)
            return;
        log.LogInformation("Stopping: {Requests} requests have {Timeout} to finish", Volatile.Read(ref _running), options.DrainTimeout);
        using var timeout = new CancellationTokenSource(options.DrainTimeout, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_isOver.Token, timeout.Token, cancellationToken);
        if (await IsEmptyBeforeAsync(end.Token))
            return;

        log.LogWarning("Stopping: {Requests} requests are cut off", Volatile.Read(ref _running));
        End();
        using var lastWords = new CancellationTokenSource(LastWords, time);
        await IsEmptyBeforeAsync(lastWords.Token);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _hasBegun.Dispose();
        _isOver.Dispose();
    }

    private async Task FinishAsync(HttpContext context, RequestDelegate next)
    {
        using var aborted = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _isOver.Token);
        context.RequestAborted = aborted.Token;
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (_isOver.IsCancellationRequested && !context.Response.HasStarted)
        {
            await RefuseAsync(context, "The server stopped before the request was served.");
        }
    }

    private static Task RefuseAsync(HttpContext context, string detail)
    {
        context.RequestAborted = CancellationToken.None;
        context.Response.Headers.Connection = "close";
        return Refusal.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, detail);
    }

    private async Task<bool> IsEmptyBeforeAsync(CancellationToken end)
    {
        try
        {
            await _isEmpty.Task.WaitAsync(end);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
