using System.Diagnostics;
using System.Diagnostics.Metrics;
using ActorEmbed.Actors.Messages;

namespace ActorEmbed.Actors.Tests.Telemetry;

[Collection(Listeners.Name)]
public sealed class ListenerSpecs
{
    [Fact]
    public async Task Listeners_of_the_host_that_throw_cost_measurements_and_neither_answers_nor_restarts()
    {
        using var meters = new MeterListener();
        using var caller = new Activity("the caller").Start();
        var trace = caller.TraceId;
        using var spans = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "ActorEmbed",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            // Other tests run beside this one, and their requests come with other traces.
            ActivityStarted = span => _ = span.TraceId == trace ? throw new InvalidOperationException("the listener broke") : 0,
        };
        await using var service = await ServiceFixture.StartAsync();
        await service.LeaveAsync(ServiceState.Loading);
        meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "ActorEmbed")
                listener.EnableMeasurementEvents(instrument);
        };
        meters.SetMeasurementEventCallback<long>((_, _, _, _) => throw new InvalidOperationException("the listener broke"));
        meters.SetMeasurementEventCallback<double>((_, _, _, _) => throw new InvalidOperationException("the listener broke"));
        meters.Start();
        ActivitySource.AddActivityListener(spans);

        Assert.IsType<TextsEmbedded>(await service.EmbedAsync("one"));
        Assert.IsType<EmbedRejected>(await service.EmbedAsync(null!, "two"));
        Assert.IsType<TextsEmbedded>(await service.EmbedAsync("three"));

        var status = await service.StatusAsync();
        Assert.Equal((2, 1, 1), (status.Counters.Answered, status.Counters.Rejected, service.Model.Loads));
    }

    [Fact]
    public async Task A_listener_that_throws_when_it_is_told_of_instruments_keeps_no_router_from_its_start()
    {
        using var meters = new MeterListener();
        meters.Start();
        // Only from now on: the instruments of other tests are there already.
        meters.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name == "ActorEmbed")
                throw new InvalidOperationException("the listener broke");
        };

        await using var service = await ServiceFixture.StartAsync();

        Assert.IsType<TextsEmbedded>(await service.EmbedAsync("text"));
        Assert.Equal(1, (await service.StatusAsync()).Counters.Answered);
    }
}
