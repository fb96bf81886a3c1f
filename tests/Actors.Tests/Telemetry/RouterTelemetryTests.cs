using System.Diagnostics;
using System.Diagnostics.Metrics;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Tests.Shared.Models;

namespace ActorEmbed.Actors.Tests.Telemetry;

[Collection(Listeners.Name)]
public sealed class RouterTelemetryTests
{
    [Fact]
    public async Task What_is_done_is_measured_by_instruments_with_units()
    {
        var sums = new Dictionary<string, double>();
        var units = new Dictionary<string, string?>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == "ActorEmbed")
                l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((i, value, _, _) => Add(i, value));
        listener.SetMeasurementEventCallback<int>((i, value, _, _) => Add(i, value));
        listener.SetMeasurementEventCallback<double>((i, value, _, _) => Add(i, value));
        listener.Start();
        await using var service = await ServiceFixture.StartAsync();

        await service.EmbedAsync("a text of this test", "and another");
        await service.EmbedAsync(null!, "a null");
        listener.RecordObservableInstruments();

        // Other tests may run beside this one and be heard too.
        lock (sums)
        {
            Assert.True(sums["actorembed.texts"] >= 2);
            Assert.True(sums["actorembed.requests"] >= 2);
            Assert.True(sums["actorembed.batches"] >= 1);
        }

        Assert.Equal(
            ("s", "By", "{text}", "{token}", "{request}"),
            (units["actorembed.batch.duration"], units["actorembed.queue.size"], units["actorembed.batch.texts"], units["actorembed.tokens"], units["actorembed.requests"]));

        void Add(Instrument instrument, double value)
        {
            lock (sums)
            {
                sums[instrument.Name] = sums.GetValueOrDefault(instrument.Name) + value;
                units[instrument.Name] = instrument.Unit;
            }
        }
    }

    [Fact]
    public async Task Small_requests_and_big_ones_are_timed_apart()
    {
        var sizes = new System.Collections.Concurrent.ConcurrentBag<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == "ActorEmbed" && instrument.Name == "actorembed.embed.duration")
                l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) => sizes.Add($"{tags[0].Key}={tags[0].Value}"));
        listener.Start();
        await using var service = await ServiceFixture.StartAsync();

        await service.EmbedAsync("a text alone");
        await service.EmbedAsync([.. Enumerable.Range(0, 32).Select(i => $"text {i} of a full batch")]);

        // Other tests may run beside this one and be heard too.
        Assert.Contains("size=small", sizes);
        Assert.Contains("size=big", sizes);
    }

    [Fact]
    public async Task Waiting_and_inference_are_spans_of_the_trace_that_the_request_came_with()
    {
        var spans = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "ActorEmbed",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                lock (spans)
                    spans.Add(span);
            },
        };
        ActivitySource.AddActivityListener(listener);
        await using var service = await ServiceFixture.StartAsync();
        using var caller = new Activity("the caller").Start();

        await service.EmbedAsync("text");

        lock (spans)
        {
            var own = spans.Where(s => s.TraceId == caller.TraceId).ToArray();
            Assert.Equal(["embed wait", "embed inference"], own.Select(s => s.OperationName));
            Assert.All(own, span => Assert.Equal(caller.SpanId, span.ParentSpanId));
        }
    }

    [Fact]
    public async Task Who_awaits_a_change_of_state_is_told_once_it_is_another()
    {
        using var gate = new ManualResetEventSlim();
        var model = new ScriptedModel { OnLoad = _ => gate.Wait(ScriptedModel.GateTimeout) };
        await using var service = await ServiceFixture.StartAsync(model);

        var change = service.LeaveAsync(ServiceState.Loading);
        await service.StatusAsync();
        Assert.False(change.IsCompleted);
        gate.Set();

        Assert.Equal(ServiceState.Ready, (await change).State);
        Assert.Equal(ServiceState.Ready, (await service.LeaveAsync(ServiceState.Failed)).State);
    }

    [Fact]
    public async Task A_request_that_certainly_cannot_be_served_in_time_is_rejected_at_once()
    {
        var model = new ScriptedModel();
        await using var service = await ServiceFixture.StartAsync(model);
        // Each batch takes a second of fake time.
        model.OnBatch = _ => service.Time.Advance(TimeSpan.FromSeconds(1));
        await service.EmbedAsync([.. Enumerable.Range(0, 320).Select(i => $"text {i}")]);

        var texts = Enumerable.Range(0, 3200).Select(i => $"text {i}").ToArray();
        var rejected = await service.Ask(new EmbedTexts(texts) { Timeout = TimeSpan.FromSeconds(10) }).ExpectMsgAsync<EmbedRejected>();

        Assert.Equal(RejectionReason.DeadlineExceeded, rejected.Reason);
        Assert.True(rejected.RetryAfter > TimeSpan.Zero);
        Assert.Equal(10, model.Batches.Count);
    }

    [Fact]
    public async Task A_request_without_a_deadline_is_served_however_long_that_takes()
    {
        var model = new ScriptedModel();
        await using var service = await ServiceFixture.StartAsync(model, new SchedulingOptions { RequestTimeout = TimeSpan.FromSeconds(1) });
        model.OnBatch = _ => service.Time.Advance(TimeSpan.FromHours(1));

        var texts = Enumerable.Range(0, 320).Select(i => $"text {i}").ToArray();
        var reply = await service.Ask(new EmbedTexts(texts) { Timeout = Timeout.InfiniteTimeSpan }).ExpectMsgAsync<TextsEmbedded>();

        Assert.Equal(320, reply.Vectors.Count);
    }
}
