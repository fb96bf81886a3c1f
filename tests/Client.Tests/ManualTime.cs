using Microsoft.Extensions.Time.Testing;

namespace ActorEmbed.Client.Tests;

/// <summary>Time that tests turn by hand, and that tells which timers run.</summary>
internal sealed class ManualTime : FakeTimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<Timer> _running = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What each running timer was set to.</summary>
    public TimeSpan[] Running
    {
        get
        {
            lock (_gate)
                return [.. _running.Select(timer => timer.Due)];
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this);
        timer.Start(dueTime, () => timer.Inner = base.CreateTimer(s => { timer.End(); callback(s); }, state, dueTime, period));
        return timer;
    }

    /// <summary>Completes when a timer of this length runs, so that an advance of the time reaches it.</summary>
    public async Task RunsAsync(TimeSpan length)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_running.Exists(timer => timer.Due == length))
                    return;
                changed = _changed.Task;
            }

            await changed.WaitAsync(Patience.Limit);
        }
    }

    private sealed class Timer(ManualTime time) : ITimer
    {
        private bool _hasEnded;

        public ITimer Inner { get; set; } = null!;

        public TimeSpan Due { get; private set; }

        /// <summary>Counts as running only once it does; it may have ended by then, by a time that was turned meanwhile.</summary>
        public void Start(TimeSpan due, Action start)
        {
            lock (time._gate)
                _hasEnded = false;
            start();
            lock (time._gate)
            {
                if (_hasEnded || due <= TimeSpan.Zero)
                    return;
                Due = due;
                time._running.Add(this);
                time._changed.TrySetResult();
                time._changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        public void End()
        {
            lock (time._gate)
            {
                _hasEnded = true;
                time._running.Remove(this);
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            End();
            var isChanged = false;
            Start(dueTime, () => isChanged = Inner.Change(dueTime, period));
            return isChanged;
        }

        public void Dispose()
        {
            End();
            Inner.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
