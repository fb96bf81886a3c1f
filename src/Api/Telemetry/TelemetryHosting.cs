namespace ActorEmbed.Api.Telemetry;

/// <summary>Adds /metrics, and the export over OTLP where the environment asks for it.</summary>
internal static class TelemetryHosting
{
    public static void AddTelemetry(this IServiceCollection services)
    {
        services.AddSingleton<MetricStore>();
        if (OtlpExport.IsWanted(Environment.GetEnvironmentVariable))
            OtlpExport.AddTo(services);
    }

    public static void MapTelemetry(this WebApplication app)
    {
        // From now on, so that nothing of the start is missed.
        var store = app.Services.GetRequiredService<MetricStore>();
        app.MapGet("/metrics", () =>
        {
            var text = new PrometheusText();
            store.WriteTo(text);
            return Results.Text(text.ToString(), PrometheusText.ContentType);
        });
    }
}
