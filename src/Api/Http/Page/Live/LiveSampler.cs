using System.Runtime.CompilerServices;
using Akka.Actor;

namespace ActorEmbed.Api.Http.Page.Live;

/// <summary>
/// Looks at the server once a second while at least one page is open, for all of them, and not at all otherwise. What it has seen
/// of the last ten minutes it keeps, for the page that is opened next.
/// </summary>
internal sealed class LiveSampler(LiveModels models, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // Ten minutes.
    private const int MaxSamples = 600;

    private readonly Lock _lock = new();
    private readonly List<LiveSample> _samples = [];
    private long _taken;
    private TaskCompletionSource _news = NewNews();
    private CancellationTokenSource? _run;
    private int _followers;

    /// <summary>Whether it is looking.</summary>
    public bool IsRunning => _run is not null;

    /// <summary>All that is remembered, then what is new, until <paramref name="end"/> is cancelled.</summary>
    public async IAsyncEnumerable<IReadOnlyList<LiveSample>> FollowAsync([EnumeratorCancellation] CancellationToken end)
    {
        Join();
        try
        {
            var seen = 0L;
            while (!end.IsCancellationRequested)
            {
                var (samples, taken, news) = After(seen);
                seen = taken;
                if (samples.Count > 0)
                    yield return samples;
                await news.WaitAsync(end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        finally
        {
            Leave();
        }
    }

    public void Dispose()
    {
        lock (_lock)
            Stop();
    }

    private void Join()
    {
        lock (_lock)
        {
            if (_followers++ > 0)
                return;
            _run = new CancellationTokenSource();
            _ = RunAsync(_run.Token);
        }
    }

    private void Leave()
    {
        lock (_lock)
        {
            if (--_followers == 0)
                Stop();
        }
    }

    private void Stop()
    {
        _run?.Cancel();
        _run = null;
    }

    private async Task RunAsync(CancellationToken end)
    {
        // Not on the thread of the request that came first.
        await Task.Yield();
        using var durations = new RecentDurations(time);
        using var timer = new PeriodicTimer(Pause, time);
        try
        {
            do
            {
                if (await LookAsync(durations, end) is { } sample)
                    Add(sample, end);
            }
            while (await timer.WaitForNextTickAsync(end));
        }
        catch (OperationCanceledException)
        {
            // Nobody looks any more.
        }
    }

    /// <summary>Null when the router did not answer: the page sees that nothing comes.</summary>
    private async Task<LiveSample?> LookAsync(RecentDurations durations, CancellationToken end)
    {
        try
        {
            var state = await models.ReadAsync(end);
            return new LiveSample(
                time.GetUtcNow().ToUnixTimeMilliseconds(), Environment.WorkingSet, Math.Round(ProcessorTime().TotalSeconds, 3), state,
                durations.Of("small"), durations.Of("big"));
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }

    private void Add(LiveSample sample, CancellationToken end)
    {
        TaskCompletionSource news;
        lock (_lock)
        {
            // A run that has been replaced meanwhile has nothing to say.
            if (end.IsCancellationRequested)
                return;
            if (_samples.Count == MaxSamples)
                _samples.RemoveAt(0);
            if (_samples.Count > 0)
                _samples[^1] = _samples[^1].ForHistory();
            _samples.Add(sample);
            _taken++;
            (news, _news) = (_news, NewNews());
        }

        news.SetResult();
    }

    private (IReadOnlyList<LiveSample> Samples, long Taken, Task News) After(long seen)
    {
        lock (_lock)
            return ([.. _samples.TakeLast((int)Math.Min(_taken - seen, MaxSamples))], _taken, _news.Task);
    }

    // The system of a browser has no such figure; this server runs on none.
    private static TimeSpan ProcessorTime() =>
        OperatingSystem.IsBrowser() || OperatingSystem.IsIOS() || OperatingSystem.IsTvOS() ? TimeSpan.Zero : Environment.CpuUsage.TotalTime;

    private static TaskCompletionSource NewNews() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
