using ActorEmbed.Actors.Messages;

namespace ActorEmbed.Actors.Tests;

public sealed class WaitTimesTests
{
    [Fact]
    public void An_answer_is_waited_for_longer_than_the_request_may_take_and_for_ever_if_that_is_for_ever()
    {
        Assert.True(WaitTimes.ForAnswer(TimeSpan.FromMinutes(2)) > TimeSpan.FromMinutes(2));
        Assert.Equal(Timeout.InfiniteTimeSpan, WaitTimes.ForAnswer(Timeout.InfiniteTimeSpan));
        Assert.Equal(Timeout.InfiniteTimeSpan, WaitTimes.ForAnswer(TimeSpan.MaxValue));
    }
}
