using ActorEmbed.Api.Http.Safety;
using Microsoft.Extensions.Time.Testing;

namespace ActorEmbed.Api.Tests.Safety;

public sealed class LargeBodyGarbageTests
{
    private readonly FakeTimeProvider _time = new();
    private int _collections;

    [Fact]
    public void Memory_is_given_back_after_a_large_body_and_once_more_for_the_pools()
    {
        using var garbage = new LargeBodyGarbage(_time, () => _collections++);

        garbage.Note(LargeBodyGarbage.LargeBytes);
        Assert.Equal(0, _collections);
        _time.Advance(LargeBodyGarbage.Pause);
        Assert.Equal(1, _collections);
        _time.Advance(LargeBodyGarbage.PoolPause);
        Assert.Equal(2, _collections);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(2, _collections);
    }

    [Fact]
    public void Small_bodies_cost_nothing()
    {
        using var garbage = new LargeBodyGarbage(_time, () => _collections++);

        garbage.Note(LargeBodyGarbage.LargeBytes - 1);
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(0, _collections);
    }

    [Fact]
    public void Many_large_bodies_cost_one_collection_in_a_pause()
    {
        using var garbage = new LargeBodyGarbage(_time, () => _collections++);

        for (var second = 0; second < 30; second++)
        {
            garbage.Note(LargeBodyGarbage.LargeBytes);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(_collections, 2, 3);
    }
}
