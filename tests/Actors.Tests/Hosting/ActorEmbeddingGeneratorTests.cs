using ActorEmbed.Actors.Hosting;

namespace ActorEmbed.Actors.Tests.Hosting;

public sealed class ActorEmbeddingGeneratorTests
{
    [Fact]
    public void An_answer_is_waited_for_longer_than_the_request_may_take_and_for_ever_if_that_is_for_ever()
    {
        Assert.True(ActorEmbeddingGenerator.AnswerTime(TimeSpan.FromMinutes(2)) > TimeSpan.FromMinutes(2));
        Assert.Equal(Timeout.InfiniteTimeSpan, ActorEmbeddingGenerator.AnswerTime(Timeout.InfiniteTimeSpan));
    }
}
