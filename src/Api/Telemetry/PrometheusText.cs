using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace ActorEmbed.Api.Telemetry;

/// <summary>
/// Writes the Prometheus text format, version 0.0.4, with the names that OpenTelemetry's rules give: dots become
/// underscores, the unit and <c>_total</c> are appended.
/// </summary>
internal sealed class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder _text = new();

    public static string NameOf(Instrument instrument)
    {
        var name = string.Concat(instrument.Name.Select(c => char.IsAsciiLetterOrDigit(c) || c == ':' ? c : '_'));
        var unit = instrument.Unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            // In braces stands what is counted, which the name says already.
            _ => "",
        };
        return name + (name.EndsWith(unit, StringComparison.Ordinal) ? "" : unit) + (MetricFamily.KindOf(instrument) == MetricKind.Counter ? "_total" : "");
    }

    /// <summary>Such as <c>outcome="embedded",a="b"</c>; empty without tags.</summary>
    public static string LabelsOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty)
            return "";
        var labels = new StringBuilder();
        foreach (var (name, value) in tags)
        {
            labels.Append(labels.Length > 0 ? "," : "").Append(LabelName(name)).Append("=\"")
                .Append(Escape(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "").Replace("\"", "\\\"", StringComparison.Ordinal)).Append('"');
        }

        return labels.ToString();
    }

    public static string WithBound(string labels, double bound) =>
        $"{labels}{(labels.Length > 0 ? "," : "")}le=\"{Number(bound)}\"";

    public void Header(string name, string help, MetricKind kind)
    {
        if (help.Length > 0)
            _text.Append("# HELP ").Append(name).Append(' ').Append(Escape(help)).Append('\n');
        _text.Append("# TYPE ").Append(name).Append(' ').Append(kind.ToString().ToLowerInvariant()).Append('\n');
    }

    public void Sample(string name, string labels, double value)
    {
        _text.Append(name);
        if (labels.Length > 0)
            _text.Append('{').Append(labels).Append('}');
        _text.Append(' ').Append(Number(value)).Append('\n');
    }

    public override string ToString() => _text.ToString();

    private static string LabelName(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));

    private static string Escape(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Number(double value) => double.IsPositiveInfinity(value) ? "+Inf" : value.ToString("R", CultureInfo.InvariantCulture);
}
