namespace ActorEmbed.Actors.Scheduling;

/// <summary>
/// How long a model is kept in memory while nobody asks for it: as the settings say, until a request says otherwise; once it
/// was closed, as the settings say again.
/// </summary>
/// <param name="options">The settings.</param>
internal sealed class KeepAlive(SchedulingOptions options)
{
    private TimeSpan? _idleSince;

    /// <summary>Null for ever.</summary>
    public TimeSpan? Time { get; private set; } = options.UnloadAfter;

    /// <summary>A request says how long, from its answer on; negative means for ever.</summary>
    public void Set(TimeSpan time) => Time = time < TimeSpan.Zero ? null : time;

    /// <summary>The model is closed.</summary>
    public void OnClosed() => (Time, _idleSince) = (options.UnloadAfter, null);

    /// <summary>There is work, or no model that could be closed.</summary>
    public void OnBusy() => _idleSince = null;

    /// <summary>There is none: the time that is left until the model may be closed, zero when it may be now; null for ever.</summary>
    public TimeSpan? OnIdle(TimeSpan now)
    {
        _idleSince ??= now;
        var left = Time - (now - _idleSince);
        return left < TimeSpan.Zero ? TimeSpan.Zero : left;
    }
}
