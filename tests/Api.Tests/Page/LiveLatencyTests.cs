using ActorEmbed.Api.Http.Page.Live;

namespace ActorEmbed.Api.Tests.Page;

public sealed class LiveLatencyTests
{
    [Fact]
    public void Percentiles_are_values_that_were_measured()
    {
        Assert.Equal(new LiveLatency(100, 0.050, 0.095), LiveLatency.Of([.. Enumerable.Range(1, 100).Select(i => (101 - i) / 1000.0)]));
        Assert.Equal(new LiveLatency(1, 0.2, 0.2), LiveLatency.Of([0.2]));
    }

    [Fact]
    public void Of_no_requests_nothing_is_said() => Assert.Null(LiveLatency.Of([]));
}
