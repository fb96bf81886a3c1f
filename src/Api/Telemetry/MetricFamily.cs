using System.Diagnostics.Metrics;

namespace ActorEmbed.Api.Telemetry;

/// <summary>One instrument's series, by labels.</summary>
internal sealed class MetricFamily
{
    /// <summary>For instruments that advise none: durations from a table lookup to a request that waits its full time.</summary>
    private static readonly double[] DefaultBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

    private readonly string _name;
    private readonly string _help;
    private readonly MetricKind _kind;
    private readonly bool _isAbsolute;
    private readonly double[] _bounds;
    private readonly SortedDictionary<string, double> _values = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Distribution> _distributions = new(StringComparer.Ordinal);

    public MetricFamily(string name, Instrument instrument)
    {
        _name = name;
        _help = instrument.Description ?? "";
        _kind = KindOf(instrument);
        _isAbsolute = instrument.IsObservable || IsOfType(instrument, typeof(Gauge<>));
        _bounds = BoundsOf(instrument);
    }

    public static MetricKind KindOf(Instrument instrument) =>
        IsOfType(instrument, typeof(Histogram<>)) ? MetricKind.Histogram
        : IsOfType(instrument, typeof(Counter<>)) || IsOfType(instrument, typeof(ObservableCounter<>)) ? MetricKind.Counter
        : MetricKind.Gauge;

    public void Record(double value, string labels)
    {
        if (_kind == MetricKind.Histogram)
        {
            if (!_distributions.TryGetValue(labels, out var distribution))
                _distributions[labels] = distribution = new Distribution(_bounds);
            distribution.Add(value);
        }
        else
        {
            // An observable instrument tells where it stands, a plain one by how much it moved.
            _values[labels] = value + (_isAbsolute ? 0 : _values.GetValueOrDefault(labels));
        }
    }

    public void WriteTo(PrometheusText text)
    {
        if (_values.Count == 0 && _distributions.Count == 0)
            return;
        text.Header(_name, _help, _kind);
        foreach (var (labels, value) in _values)
            text.Sample(_name, labels, value);
        foreach (var (labels, distribution) in _distributions)
            distribution.WriteTo(text, _name, labels);
    }

    private static bool IsOfType(Instrument instrument, Type openType) =>
        instrument.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == openType;

    private static double[] BoundsOf(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds],
        Histogram<int> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
        Histogram<long> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
        _ => DefaultBounds,
    };

    private sealed class Distribution(double[] bounds)
    {
        private readonly long[] _counts = new long[bounds.Length + 1];
        private double _sum;

        public void Add(double value)
        {
            var bucket = Array.FindIndex(bounds, bound => value <= bound);
            _counts[bucket < 0 ? bounds.Length : bucket]++;
            _sum += value;
        }

        public void WriteTo(PrometheusText text, string name, string labels)
        {
            var upTo = 0L;
            for (var i = 0; i <= bounds.Length; i++)
                text.Sample(name + "_bucket", PrometheusText.WithBound(labels, i < bounds.Length ? bounds[i] : double.PositiveInfinity), upTo += _counts[i]);
            text.Sample(name + "_sum", labels, _sum);
            text.Sample(name + "_count", labels, upTo);
        }
    }
}
