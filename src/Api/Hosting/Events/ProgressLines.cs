using ActorEmbed.Api.Hosting.Models;

namespace ActorEmbed.Api.Hosting.Events;

/// <summary>
/// Tells the parent how far the load of the model is. Also while nothing changes, as the parent takes silence for a
/// process that hangs.
/// </summary>
internal sealed class ProgressLines : IDisposable
{
    /// <summary>A bar that moves four times a second looks alive.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>Far below the two minutes that a parent waits for a sign of life.</summary>
    internal static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(5);

    private readonly LoadProgress _progress;
    private readonly EventLines _lines;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private LoadStatus? _last;
    private long _lastTime;

    public ProgressLines(LoadProgress progress, EventLines lines, TimeProvider time)
    {
        (_progress, _lines, _time) = (progress, lines, time);
        _timer = time.CreateTimer(_ => OnHeartbeat(), null, Heartbeat, Heartbeat);
        progress.Changed += OnChanged;
    }

    public void Dispose()
    {
        _progress.Changed -= OnChanged;
        _timer.Dispose();
    }

    private void OnChanged(LoadStatus status)
    {
        lock (_lock)
        {
            var isNews = _last is null || status.Stage != _last.Stage || status.Note is not null
                || status.Bytes == status.Size || _time.GetElapsedTime(_lastTime) >= Interval;
            if (isNews)
                Write(status);
        }
    }

    private void OnHeartbeat()
    {
        lock (_lock)
        {
            if (_progress.Status is { } status && _time.GetElapsedTime(_lastTime) >= Heartbeat)
                Write(status);
        }
    }

    private void Write(LoadStatus status)
    {
        _lines.Progress(status);
        (_last, _lastTime) = (status, _time.GetTimestamp());
    }
}
