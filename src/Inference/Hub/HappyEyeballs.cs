using System.Net;
using System.Net.Sockets;

namespace ActorEmbed.Inference.Hub;

/// <summary>
/// Connects to the address that answers first, as RFC 8305 has it: families take turns, and each gets a head start over
/// the next. Where IPv6 is configured but leads nowhere, the connection would otherwise wait for it until the watch on
/// silence gives up, and never reach IPv4.
/// </summary>
internal static class HappyEyeballs
{
    /// <summary>The RFC's own recommendation.</summary>
    private static readonly TimeSpan HeadStart = TimeSpan.FromMilliseconds(250);

    /// <summary>For <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    public static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var endPoint = context.DnsEndPoint;
        var addresses = await Dns.GetHostAddressesAsync(endPoint.Host, cancellation).ConfigureAwait(false);
        var socket = await ConnectAsync(
            Interleave(addresses), (address, token) => ConnectToAsync(address, endPoint.Port, token), TimeProvider.System, cancellation).ConfigureAwait(false);
        return new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>In the order that the system gives, the families in turns.</summary>
    internal static IReadOnlyList<IPAddress> Interleave(IReadOnlyList<IPAddress> addresses)
    {
        var first = addresses.Where(address => address.AddressFamily == addresses[0].AddressFamily).ToList();
        var second = addresses.Except(first).ToList();
        return
        [
            .. first.Zip(second).SelectMany(pair => new[] { pair.First, pair.Second }),
            .. first.Skip(second.Count),
            .. second.Skip(first.Count),
        ];
    }

    /// <summary>The first connection that comes about; the others are given up.</summary>
    /// <param name="addresses">In order of preference, at least one.</param>
    /// <param name="connect">Connects to one.</param>
    /// <param name="time">Clock of the head starts.</param>
    /// <param name="cancellation">Gives up.</param>
    internal static async Task<T> ConnectAsync<T>(
        IReadOnlyList<IPAddress> addresses, Func<IPAddress, CancellationToken, Task<T>> connect, TimeProvider time, CancellationToken cancellation)
        where T : IDisposable
    {
        using var losers = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var attempts = new List<Task<T>>();
        Exception? failure = null;
        var next = 0;
        while (next < addresses.Count || attempts.Count > 0)
        {
            Task headStart = Task.Delay(Timeout.Infinite, losers.Token);
            if (next < addresses.Count)
            {
                attempts.Add(connect(addresses[next++], losers.Token));
                if (next < addresses.Count)
                    headStart = Task.Delay(HeadStart, time, losers.Token);
            }

            if (await Task.WhenAny([.. attempts, headStart]).ConfigureAwait(false) is not Task<T> ended)
            {
                cancellation.ThrowIfCancellationRequested();
                continue;
            }

            attempts.Remove(ended);
            try
            {
                var winner = await ended.ConfigureAwait(false);
                await losers.CancelAsync().ConfigureAwait(false);
                foreach (var loser in attempts)
                    _ = DisposeAsync(loser);
                return winner;
            }
            catch (Exception e) when (e is SocketException)
            {
                // The next one need not wait for its turn.
                failure ??= e;
            }
        }

        throw failure!;
    }

    private static async Task DisposeAsync<T>(Task<T> attempt) where T : IDisposable
    {
        try
        {
            (await attempt.ConfigureAwait(false)).Dispose();
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // It lost.
        }
    }

    private static async Task<Socket> ConnectToAsync(IPAddress address, int port, CancellationToken cancellation)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, port), cancellation).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
