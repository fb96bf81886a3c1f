using Microsoft.Extensions.Time.Testing;

namespace ActorEmbed.Client.Tests;

/// <summary>Time that tests turn by hand, and that tells which timers run.</summary>
internal sealed class ManualTime : FakeTimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<TimeSpan> _running = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What each running timer was set to.</summary>
    public TimeSpan[] Running
    {
        get
        {
            lock (_gate)
                return [.. _running];
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this);
        timer.Inner = base.CreateTimer(s => { timer.Set(Timeout.InfiniteTimeSpan); callback(s); }, state, dueTime, period);
        timer.Set(dueTime);
        return timer;
    }

    /// <summary>Completes when a timer of this length runs.</summary>
    public async Task RunsAsync(TimeSpan length)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_running.Contains(length))
                    return;
                changed = _changed.Task;
            }

            await changed.WaitAsync(Patience.Limit);
        }
    }

    private void Replace(TimeSpan before, TimeSpan after)
    {
        lock (_gate)
        {
            _running.Remove(before);
            if (after > TimeSpan.Zero)
                _running.Add(after);
            _changed.TrySetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private sealed class Timer(ManualTime time) : ITimer
    {
        private TimeSpan _due = Timeout.InfiniteTimeSpan;

        public ITimer Inner { get; set; } = null!;

        public void Set(TimeSpan due)
        {
            time.Replace(_due, due);
            _due = due;
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Set(dueTime);
            return Inner.Change(dueTime, period);
        }

        public void Dispose()
        {
            Set(Timeout.InfiniteTimeSpan);
            Inner.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
