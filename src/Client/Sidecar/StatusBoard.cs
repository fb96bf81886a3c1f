namespace ActorEmbed.Client.Sidecar;

/// <summary>The sidecar's status: written by one run at a time, read by anyone.</summary>
internal sealed class StatusBoard(ActorEmbedSidecarStatus initial, TimeProvider time, Action<ActorEmbedSidecarStatus> onState)
{
    private readonly Lock _gate = new();
    private ActorEmbedSidecarStatus _status = initial;
    private long _readyAt;

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
        }

        onState(after);
    }
}
