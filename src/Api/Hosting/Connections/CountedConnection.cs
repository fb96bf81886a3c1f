using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace ActorEmbed.Api.Hosting.Connections;

/// <summary>
/// Counts until its descriptor is free again, which is later than the end of what the client sends. It is not given up at
/// that end either: a client may have said all that it has to say and wait for the answer. One that has gone looks the same,
/// so an answer that takes longer than a moment is not computed on.
/// </summary>
internal sealed class CountedConnection : ConnectionContext
{
    // A text on an idle server takes milliseconds. For callers that have gone, inference works in vain for so long at most.
    private static readonly TimeSpan LastAnswer = TimeSpan.FromSeconds(1);

    private readonly ConnectionContext _socket;
    private readonly ConnectionCount _count;
    private readonly CancellationTokenSource _closed;
    private readonly CancellationTokenRegistration _clientEnded;
    private bool _isOver;

    public CountedConnection(ConnectionContext socket, ConnectionCount count, TimeProvider time)
    {
        (_socket, _count) = (socket, count);
        _closed = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        ConnectionClosed = _closed.Token;
        Transport = new ClientPipe(new EndAfterBytes(socket.Transport.Input), socket.Transport.Output);
        _clientEnded = socket.ConnectionClosed.UnsafeRegister(static closed => ((CancellationTokenSource)closed!).CancelAfter(LastAnswer), _closed);
    }

    public override string ConnectionId
    {
        get => _socket.ConnectionId;
        set => _socket.ConnectionId = value;
    }

    public override IFeatureCollection Features => _socket.Features;

    public override IDictionary<object, object?> Items
    {
        get => _socket.Items;
        set => _socket.Items = value;
    }

    /// <inheritdoc />
    public override IDuplexPipe Transport { get; set; }

    /// <inheritdoc />
    public override CancellationToken ConnectionClosed { get; set; }

    public override EndPoint? LocalEndPoint
    {
        get => _socket.LocalEndPoint;
        set => _socket.LocalEndPoint = value;
    }

    public override EndPoint? RemoteEndPoint
    {
        get => _socket.RemoteEndPoint;
        set => _socket.RemoteEndPoint = value;
    }

    public override void Abort(ConnectionAbortedException abortReason) => _socket.Abort(abortReason);

    public override async ValueTask DisposeAsync()
    {
        await _socket.DisposeAsync();
        if (!_isOver)
            _count.Remove();
        _isOver = true;
        await _clientEnded.DisposeAsync();
        _closed.Dispose();
        await base.DisposeAsync();
    }
}
