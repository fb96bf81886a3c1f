using System.Diagnostics.Metrics;

namespace ActorEmbed.Api.Telemetry;

/// <summary>
/// What the instruments of this process have measured since its start, for /metrics. A listener of our own rather than
/// the OpenTelemetry SDK: that one adds 150 to 200 ms to a start of one second, and its Prometheus exporter has not
/// left beta. No timer and no thread: an idle process stays idle.
/// </summary>
internal sealed class MetricStore : IDisposable
{
    /// <summary>Our own, the runtime's (memory, processor time, collections), and the web server's.</summary>
    private static readonly HashSet<string> Meters = ["ActorEmbed", "System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel"];

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();

    public MetricStore()
    {
        _listener.InstrumentPublished = Publish;
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, source) => Record(source, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, source) => Record(source, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, source) => Record(source, value, tags));
        _listener.Start();
    }

    /// <summary>Asks the instruments that are only read now and then, and writes everything.</summary>
    public void WriteTo(PrometheusText text)
    {
        _listener.RecordObservableInstruments();
        lock (_lock)
        {
            foreach (var family in _families.Values)
                family.WriteTo(text);
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Publish(Instrument instrument, MeterListener listener)
    {
        if (!Meters.Contains(instrument.Meter.Name))
            return;
        var name = PrometheusText.NameOf(instrument);
        MetricFamily? family;
        lock (_lock)
        {
            if (!_families.TryGetValue(name, out family))
                _families[name] = family = new MetricFamily(name, instrument);
        }

        listener.EnableMeasurementEvents(instrument, new Source(family, PrometheusText.LabelsOf(instrument.Meter.Tags?.ToArray())));
    }

    private void Record(object? instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var source = (Source)instrument!;
        var labels = PrometheusText.LabelsOf(tags);
        lock (_lock)
            source.Family.Record(value, source.Labels.Length == 0 || labels.Length == 0 ? source.Labels + labels : $"{source.Labels},{labels}");
    }

    /// <summary>An instrument.</summary>
    /// <param name="Family">Those of its name: one for each of several models.</param>
    /// <param name="Labels">What its meter says of all of its measurements.</param>
    private sealed record Source(MetricFamily Family, string Labels);
}
