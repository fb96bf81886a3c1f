using System.Diagnostics.Metrics;

namespace ActorEmbed.Api.Http.Page.Live;

/// <summary>
/// How long the requests of the last seconds took, heard from the router's own instrument while somebody wants to know:
/// percentiles of a histogram's buckets would be off by up to the width of a bucket.
/// </summary>
internal sealed class RecentDurations : IDisposable
{
    private const string InstrumentName = "actorembed.embed.duration";
    private const string SizeTag = "size";

    // Long enough for a percentile at a few requests a second, short enough to show a change.
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    // Of a busier server the latest: sorting so many takes a fraction of a millisecond.
    private const int MaxCount = 4_096;

    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Queue<(long At, double Seconds)>> _bySize = [];
    private readonly MeterListener _listener = new();

    public RecentDurations(TimeProvider time)
    {
        _time = time;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == InstrumentName)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((_, seconds, tags, _) => Add(seconds, tags));
        _listener.Start();
    }

    /// <summary>Null when there were none.</summary>
    /// <param name="size">As the instrument's tag has it.</param>
    public LiveLatency? Of(string size)
    {
        lock (_lock)
        {
            if (!_bySize.TryGetValue(size, out var durations))
                return null;
            while (durations.TryPeek(out var oldest) && _time.GetElapsedTime(oldest.At) > Window)
                durations.Dequeue();
            return LiveLatency.Of([.. durations.Select(duration => duration.Seconds)]);
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Add(double seconds, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var (name, value) in tags)
        {
            if (name == SizeTag && value is string size)
                Add(seconds, size);
        }
    }

    private void Add(double seconds, string size)
    {
        lock (_lock)
        {
            if (!_bySize.TryGetValue(size, out var durations))
                _bySize[size] = durations = [];
            durations.Enqueue((_time.GetTimestamp(), seconds));
            if (durations.Count > MaxCount)
                durations.Dequeue();
        }
    }
}
