using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace ActorEmbed.Api.Hosting.Connections;

/// <summary>Counts until its descriptor is free again, which is later than the end of what the client sends.</summary>
internal sealed class CountedConnection(ConnectionContext socket, ConnectionCount count) : ConnectionContext
{
    private bool _isOver;

    public override string ConnectionId
    {
        get => socket.ConnectionId;
        set => socket.ConnectionId = value;
    }

    public override IFeatureCollection Features => socket.Features;

    public override IDictionary<object, object?> Items
    {
        get => socket.Items;
        set => socket.Items = value;
    }

    public override IDuplexPipe Transport
    {
        get => socket.Transport;
        set => socket.Transport = value;
    }

    public override CancellationToken ConnectionClosed
    {
        get => socket.ConnectionClosed;
        set => socket.ConnectionClosed = value;
    }

    public override EndPoint? LocalEndPoint
    {
        get => socket.LocalEndPoint;
        set => socket.LocalEndPoint = value;
    }

    public override EndPoint? RemoteEndPoint
    {
        get => socket.RemoteEndPoint;
        set => socket.RemoteEndPoint = value;
    }

    public override void Abort(ConnectionAbortedException abortReason) => socket.Abort(abortReason);

    public override async ValueTask DisposeAsync()
    {
        await socket.DisposeAsync();
        if (!_isOver)
            count.Remove();
        _isOver = true;
        await base.DisposeAsync();
    }
}
