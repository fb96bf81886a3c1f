using System.Diagnostics;
using System.Net;
using System.Text;
using ActorEmbed.Tests.Shared.Processes;
using Microsoft.AspNetCore.Builder;

namespace ActorEmbed.Api.Tests.Telemetry;

public sealed class TelemetryTests
{
    [Fact]
    public async Task Metrics_tell_what_was_served_and_what_was_rejected()
    {
        await using var server = await ServerProcess.StartReadyAsync("--port", "0", "--max-texts", "2");
        await server.EmbedAsync("""{"texts":["one","two"]}""");

        var response = await server.Client.GetAsync("/metrics");
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.Equal(1, Sample(text, "actorembed_requests_total{outcome=\"embedded\"}"));
        Assert.Equal(0, Sample(text, "actorembed_requests_total{outcome=\"overloaded\"}"));
        Assert.Equal(0, Sample(text, "actorembed_restarts_total"));
        Assert.Equal(0, Sample(text, "actorembed_queue_texts"));
        Assert.Equal(0, Sample(text, "actorembed_queue_size_bytes"));
        Assert.Equal(2, Sample(text, "actorembed_texts_total"));
        Assert.Equal(0, Sample(text, "actorembed_texts_truncated_total"));
        Assert.True(Sample(text, "actorembed_tokens_total") >= 2);
        Assert.Equal(2, Sample(text, "actorembed_batch_texts_sum"));
        Assert.Equal(0, Sample(text, "actorembed_batch_texts_bucket{le=\"1\"}"));
        Assert.Equal(1, Sample(text, "actorembed_batch_texts_bucket{le=\"2\"}"));
        Assert.Equal(1, Sample(text, "actorembed_request_duration_seconds_bucket{outcome=\"embedded\",le=\"+Inf\"}"));
        Assert.Equal(1, Sample(text, "actorembed_embed_duration_seconds_count{size=\"small\"}"));
        Assert.Equal(1, Sample(text, "actorembed_request_wait_seconds_count"));
        Assert.Equal(1, Sample(text, "actorembed_batch_duration_seconds_count"));
        Assert.True(Sample(text, "dotnet_process_memory_working_set_bytes") > 10_000_000);
        Assert.Matches("http_server_request_duration_seconds_count\\{[^}]*http_response_status_code=\"200\"[^}]*http_route=\"/embed\"[^}]*\\} 1\n", text);
    }

    [Fact]
    public async Task Every_line_of_metrics_is_of_the_format_and_no_series_comes_twice()
    {
        await using var server = await ServerProcess.StartReadyAsync("--port", "0");
        await server.EmbedAsync("""{"texts":["one"]}""");

        var lines = (await server.Client.GetStringAsync("/metrics")).Split('\n');

        Assert.Equal("", lines[^1]);
        Assert.All(lines[..^1], line => Assert.Matches(
            @"^(# (HELP|TYPE) [a-zA-Z_:][a-zA-Z0-9_:]* .+|[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-zA-Z_][a-zA-Z0-9_]*=""([^""\\\n]|\\[""\\n])*"",?)+\})? (-?[0-9.]+(E[+-]?[0-9]+)?|\+Inf|NaN))$", line));
        var series = lines[..^1].Where(line => !line.StartsWith('#')).Select(line => line[..line.LastIndexOf(' ')]).ToArray();
        Assert.Equal(series.Distinct(), series);
        var types = lines.Where(line => line.StartsWith("# TYPE", StringComparison.Ordinal)).ToArray();
        Assert.Equal(types.Distinct(), types);
    }

    [Fact]
    public async Task The_trace_of_a_request_shows_its_wait_and_its_inference_as_children()
    {
        var spans = new System.Collections.Concurrent.ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "ActorEmbed" or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var server = await TestServer.StartAsync();
        var caller = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/embed") { Content = new StringContent("""{"texts":["text"]}""", Encoding.UTF8, "application/json") };
        request.Headers.Add("traceparent", $"00-{caller.TraceId}-{caller.SpanId}-01");

        await server.Client.SendAsync(request);
        // The span of the request ends after its answer has been sent.
        await Eventually.TrueAsync(() => Task.FromResult(spans.Count(span => span.TraceId == caller.TraceId) == 3));

        var ours = spans.Where(span => span.TraceId == caller.TraceId).ToArray();
        var http = Assert.Single(ours, span => span.Kind == ActivityKind.Server);
        Assert.Equal(caller.SpanId, http.ParentSpanId);
        Assert.Equal(["embed inference", "embed wait"], ours.Where(span => span.ParentSpanId == http.SpanId).Select(span => span.OperationName).Order());
    }

    [Fact]
    public async Task Traces_and_metrics_go_to_the_collector_that_the_environment_names()
    {
        var paths = new System.Collections.Concurrent.ConcurrentQueue<string>();
        await using var collector = WebApplication.CreateSlimBuilder().Build();
        collector.Urls.Add("http://127.0.0.1:0");
        collector.Run(context =>
        {
            paths.Enqueue(context.Request.Path);
            return context.Request.Body.CopyToAsync(Stream.Null);
        });
        await collector.StartAsync();
        await using var server = ServerProcess.Start(
            Path.GetTempPath(),
            [new("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Urls.Single()), new("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), new("OTEL_BSP_SCHEDULE_DELAY", "50"), new("OTEL_METRIC_EXPORT_INTERVAL", "50")],
            "--port", "0");
        await server.WaitUntilReadyAsync();

        await Eventually.TrueAsync(async () =>
        {
            Assert.Equal(HttpStatusCode.OK, (await server.EmbedAsync("""{"texts":["text"]}""")).StatusCode);
            return paths.Contains("/v1/traces") && paths.Contains("/v1/metrics");
        });
    }

    private static double Sample(string text, string series) => double.Parse(
        text.Split('\n').Single(line => line.StartsWith(series + " ", StringComparison.Ordinal))[(series.Length + 1)..], System.Globalization.CultureInfo.InvariantCulture);
}
