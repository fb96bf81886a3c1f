using ActorEmbed.Actors.Scheduling;

namespace ActorEmbed.Actors.Tests.Scheduling;

public sealed class InferenceThreadTests
{
    private static readonly TimeSpan Lately = TimeSpan.FromSeconds(10);

    private readonly InferenceThread _thread = new();
    private readonly List<string> _turns = [];

    [Fact]
    public void One_that_is_alone_always_has_the_turn()
    {
        var alone = Join("alone");

        for (var i = 0; i < 3; i++)
        {
            Assert.True(alone.TryTake());
            Assert.True(alone.TryTake());
            alone.GiveBack();
        }

        Assert.Empty(_turns);
    }

    [Fact]
    public void Those_who_want_more_go_behind_those_who_wait()
    {
        var (a, b, c) = (Join("a"), Join("b"), Join("c"));
        Assert.True(a.TryTake());
        Assert.False(b.TryTake());
        Assert.False(c.TryTake());
        Assert.False(b.TryTake());

        a.GiveBack();
        Assert.False(a.TryTake());
        Assert.True(b.TryTake());
        b.GiveBack();
        c.GiveBack();

        Assert.Equal(["b", "c", "a"], _turns);
    }

    [Fact]
    public void Who_leaves_with_the_turn_passes_it_on_and_who_leaves_while_waiting_gets_none()
    {
        var (a, b, c) = (Join("a"), Join("b"), Join("c"));
        a.TryTake();
        b.TryTake();
        c.TryTake();

        b.Leave();
        a.Leave();

        Assert.Equal(["c"], _turns);
        Assert.True(c.TryTake());
    }

    [Fact]
    public void The_shortest_of_the_small_requests_of_others_counts_and_only_for_a_while()
    {
        var (a, b, c) = (Join("a"), Join("b"), Join("c"));
        a.NoteSmall(TimeSpan.FromSeconds(100), TimeSpan.FromMilliseconds(1));
        b.NoteSmall(TimeSpan.FromSeconds(100), TimeSpan.FromMilliseconds(20));
        c.NoteSmall(TimeSpan.FromSeconds(105), TimeSpan.FromMilliseconds(30));

        Assert.Equal(TimeSpan.FromMilliseconds(20), a.ShortestSmallOfOthers(TimeSpan.FromSeconds(106), Lately));
        Assert.Equal(TimeSpan.FromMilliseconds(30), a.ShortestSmallOfOthers(TimeSpan.FromSeconds(112), Lately));
        Assert.Null(a.ShortestSmallOfOthers(TimeSpan.FromSeconds(120), Lately));
    }

    private InferenceThread.Share Join(string name) => _thread.Join(() => _turns.Add(name));
}
