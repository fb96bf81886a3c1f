using System.Net;
using System.Net.Sockets;
using ActorEmbed.Inference.Hub;
using Microsoft.Extensions.Time.Testing;

namespace ActorEmbed.Inference.Tests.Hub;

public sealed class HappyEyeballsTests
{
    private static readonly IPAddress[] Six = [IPAddress.Parse("2001:db8::1"), IPAddress.Parse("2001:db8::2"), IPAddress.Parse("2001:db8::3")];
    private static readonly IPAddress[] Four = [IPAddress.Parse("192.0.2.1"), IPAddress.Parse("192.0.2.2")];

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void The_families_take_turns_and_none_is_left_out()
    {
        Assert.Equal([Six[0], Four[0], Six[1], Four[1], Six[2]], HappyEyeballs.Interleave([.. Six, .. Four]));
        Assert.Equal([Four[0], Six[0], Four[1]], HappyEyeballs.Interleave([Four[0], Four[1], Six[0]]));
        Assert.Equal(Four, HappyEyeballs.Interleave(Four));
    }

    [Fact]
    public async Task An_address_that_leads_nowhere_costs_a_quarter_of_a_second()
    {
        var asked = new List<IPAddress>();
        var winner = new Connection();
        var connecting = HappyEyeballs.ConnectAsync([Six[0], Four[0]], (address, token) =>
        {
            asked.Add(address);
            return address == Six[0] ? Silence(token) : Task.FromResult(winner);
        }, _time, CancellationToken.None);
        Assert.Equal([Six[0]], asked);

        _time.Advance(TimeSpan.FromMilliseconds(250));

        Assert.Same(winner, await connecting);
        Assert.False(winner.IsDisposed);
    }

    [Fact]
    public async Task An_address_that_refuses_costs_nothing()
    {
        var winner = new Connection();

        var connected = await HappyEyeballs.ConnectAsync(
            [Six[0], Four[0]],
            (address, _) => address == Six[0] ? Task.FromException<Connection>(new SocketException((int)SocketError.ConnectionRefused)) : Task.FromResult(winner),
            _time, CancellationToken.None);

        Assert.Same(winner, connected);
    }

    [Fact]
    public async Task What_connects_after_the_winner_is_closed()
    {
        var late = new TaskCompletionSource<Connection>();
        var connecting = HappyEyeballs.ConnectAsync(
            [Six[0], Four[0]], (address, _) => address == Six[0] ? late.Task : Task.FromResult(new Connection()), _time, CancellationToken.None);
        _time.Advance(TimeSpan.FromMilliseconds(250));
        await connecting;

        var loser = new Connection();
        late.SetResult(loser);

        await loser.Disposed;
    }

    [Fact]
    public async Task When_all_refuse_the_first_reason_is_told()
    {
        var failure = await Assert.ThrowsAsync<SocketException>(() => HappyEyeballs.ConnectAsync(
            [Six[0], Four[0]],
            (address, _) => Task.FromException<Connection>(new SocketException((int)(address == Six[0] ? SocketError.NetworkUnreachable : SocketError.ConnectionRefused))),
            _time, CancellationToken.None));

        Assert.Equal(SocketError.NetworkUnreachable, failure.SocketErrorCode);
    }

    [Fact]
    public async Task Who_gives_up_waits_for_no_address()
    {
        using var giveUp = new CancellationTokenSource();
        var connecting = HappyEyeballs.ConnectAsync([Six[0]], (_, token) => Silence(token), _time, giveUp.Token);

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
    }

    private static async Task<Connection> Silence(CancellationToken cancellation)
    {
        var never = new TaskCompletionSource<Connection>();
        await using var registration = cancellation.Register(() => never.TrySetCanceled(cancellation));
        return await never.Task;
    }

    private sealed class Connection : IDisposable
    {
        private readonly TaskCompletionSource _disposed = new();

        public bool IsDisposed => _disposed.Task.IsCompleted;

        public Task Disposed => _disposed.Task;

        public void Dispose() => _disposed.TrySetResult();
    }
}
