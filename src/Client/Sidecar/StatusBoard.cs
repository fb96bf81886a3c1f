using ActorEmbed.Client.Http;

namespace ActorEmbed.Client.Sidecar;

/// <summary>The sidecar's status: written by one run at a time, read by anyone, and what a following client waits on.</summary>
internal sealed class StatusBoard(ActorEmbedSidecarStatus initial, TimeProvider time, Action<ActorEmbedSidecarStatus> onState) : IServerAddress
{
    private readonly Lock _gate = new();
    private ActorEmbedSidecarStatus _status = initial;
    private long _readyAt;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ActorEmbedSidecarStatus Current
    {
        get
        {
            lock (_gate)
                return _status.State == ActorEmbedSidecarState.Ready ? _status with { Uptime = time.GetElapsedTime(_readyAt) } : _status;
        }
    }

    public void Update(Func<ActorEmbedSidecarStatus, ActorEmbedSidecarStatus> change)
    {
        ActorEmbedSidecarStatus after;
        lock (_gate)
        {
            var before = _status.State;
            after = _status = change(_status);
            if (after.State == before)
                return;
            if (after.State == ActorEmbedSidecarState.Ready)
                _readyAt = time.GetTimestamp();
            _changed.SetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        onState(after);
    }

    public async ValueTask<Uri> GetAsync(TimeSpan patience, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        while (true)
        {
            var (status, changed) = Look();
            switch (status.State)
            {
                case ActorEmbedSidecarState.Ready:
                    return status.Url!;
                case ActorEmbedSidecarState.Starting or ActorEmbedSidecarState.Restarting:
                    break;
                default:
                    throw new HttpRequestException(HttpRequestError.ConnectionError, $"the sidecar is {status.State}");
            }

            try
            {
                await changed.WaitAsync(either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                throw new TimeoutException("The sidecar was not ready in time.");
            }
        }
    }

    private (ActorEmbedSidecarStatus Status, Task Changed) Look()
    {
        lock (_gate)
            return (_status, _changed.Task);
    }
}
