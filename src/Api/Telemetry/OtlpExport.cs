using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ActorEmbed.Api.Telemetry;

/// <summary>
/// Sends metrics and traces to a collector, as OpenTelemetry's own environment variables say. Only then is its SDK
/// loaded: it costs 150 to 200 ms at the start.
/// </summary>
internal static class OtlpExport
{
    private const string Source = "ActorEmbed";
    private const string ServiceName = "actorembed";
    private const string Otlp = "otlp";

    /// <summary>Whether the environment names a collector, or asks for OTLP at its default address.</summary>
    public static bool IsWanted(Func<string, string?> environment)
    {
        if (string.Equals(environment("OTEL_SDK_DISABLED"), "true", StringComparison.OrdinalIgnoreCase))
            return false;
        return IsWanted("METRICS", environment) || IsWanted("TRACES", environment);
    }

    public static void AddTo(IServiceCollection services)
    {
        var telemetry = services.AddOpenTelemetry()
            // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES are read after this, and win.
            .ConfigureResource(resource => resource.AddService(ServiceName, serviceVersion: ProductVersion.Value).AddEnvironmentVariableDetector());
        if (IsWanted("METRICS", Environment.GetEnvironmentVariable))
        {
            telemetry.WithMetrics(metrics => metrics
                .AddMeter(Source, "System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel").AddOtlpExporter());
        }

        if (IsWanted("TRACES", Environment.GetEnvironmentVariable))
            telemetry.WithTracing(traces => traces.AddSource(Source).AddAspNetCoreInstrumentation().AddOtlpExporter());
    }

    private static bool IsWanted(string signal, Func<string, string?> environment) => environment($"OTEL_{signal}_EXPORTER") switch
    {
        null or "" => IsSet("OTEL_EXPORTER_OTLP_ENDPOINT", environment) || IsSet($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT", environment),
        var exporters => exporters.Split(',', StringSplitOptions.TrimEntries).Contains(Otlp),
    };

    private static bool IsSet(string name, Func<string, string?> environment) => !string.IsNullOrEmpty(environment(name));
}
