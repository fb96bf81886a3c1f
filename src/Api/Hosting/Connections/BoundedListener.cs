using System.Net;
using Microsoft.AspNetCore.Connections;

namespace ActorEmbed.Api.Hosting.Connections;

/// <summary>Closes the connections that are too many before it accepts the next one.</summary>
internal sealed class BoundedListener(IConnectionListener sockets, ConnectionCount count, TimeProvider time) : IConnectionListener
{
    public EndPoint EndPoint => sockets.EndPoint;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await sockets.AcceptAsync(cancellationToken) is { } connection)
        {
            if (count.TryAdd())
                return new CountedConnection(connection, count, time);
            connection.Abort(new ConnectionAbortedException("There are too many connections."));
            await connection.DisposeAsync();
        }

        return null;
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => sockets.UnbindAsync(cancellationToken);

    public ValueTask DisposeAsync() => sockets.DisposeAsync();
}
