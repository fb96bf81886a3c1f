using System.Net.Sockets;
using System.Text;

namespace ActorEmbed.Api.Tests;

/// <summary>A connection to a server whose bytes the test writes itself.</summary>
internal sealed class RawConnection : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly StringBuilder _received = new();
    private bool _isReset;

    public static async Task<RawConnection> OpenAsync(TestServer server)
    {
        var connection = new RawConnection();
        try
        {
            await connection._socket.ConnectAsync(server.Client.BaseAddress!.Host, server.Client.BaseAddress.Port);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            // Accepted and closed before the connecting end knew of it.
            connection._isReset = true;
        }

        return connection;
    }

    public async Task SendAsync(string text)
    {
        try
        {
            if (!_isReset)
                await _socket.SendAsync(Encoding.ASCII.GetBytes(text));
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
        {
            // What the server has said is still read.
        }
    }

    /// <summary>Sends no more, and still reads.</summary>
    public void ShutdownSend() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Ends the connection as a program that crashes does.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Close();
    }

    /// <summary>Status line and headers.</summary>
    public async Task<string> ReadHeadAsync()
    {
        while (!_received.ToString().Contains("\r\n\r\n", StringComparison.Ordinal) && await ReceiveAsync() > 0)
        {
        }

        return _received.ToString();
    }

    /// <summary>Everything until the server closes the connection.</summary>
    public async Task<string> ReadToEndAsync()
    {
        while (await ReceiveAsync() > 0)
        {
        }

        return _received.ToString();
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<int> ReceiveAsync()
    {
        if (_isReset)
            return 0;
        using var patience = new CancellationTokenSource(Patience);
        var buffer = new byte[4096];
        try
        {
            var count = await _socket.ReceiveAsync(buffer, patience.Token);
            _received.Append(Encoding.ASCII.GetString(buffer, 0, count));
            return count;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted)
        {
            return 0;
        }
    }
}
