using ActorEmbed.Api.Hosting;

namespace ActorEmbed.Api.Tests.Cluster;

public sealed class RejoinPauseTests
{
    [Fact]
    public void A_node_that_is_turned_away_for_days_tries_again_every_half_minute()
    {
        var pause = TimeSpan.FromMilliseconds(500);
        var pauses = new List<double>();
        for (var i = 0; i < 1000; i++)
            pauses.Add((pause = InferenceApplication.NextPause(pause, lived: TimeSpan.FromSeconds(1))).TotalSeconds);

        Assert.Equal([1, 2, 4, 8, 16, 30, 30], pauses.Take(7));
        Assert.All(pauses.Skip(7), seconds => Assert.Equal(30, seconds));
        Assert.Equal(TimeSpan.FromMilliseconds(500), InferenceApplication.NextPause(pause, lived: TimeSpan.FromMinutes(1)));
    }
}
