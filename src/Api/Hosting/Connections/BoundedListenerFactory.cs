using System.Diagnostics.CodeAnalysis;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace ActorEmbed.Api.Hosting.Connections;

/// <summary>
/// Kestrel's sockets, with the limit of connections where they are accepted. Kestrel's own limit acts later, when its
/// threads get to it: a burst has taken the process's last descriptor by then, and a library that is loaded at that
/// moment counts as missing until the process ends.
/// </summary>
[SuppressMessage("Performance", "CA1812", Justification = "Made by the container.")]
internal sealed class BoundedListenerFactory(
    IOptions<SocketTransportOptions> transport, ILoggerFactory loggers, ServerOptions options, TimeProvider time)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly SocketTransportFactory _sockets = new(transport, loggers);

    // One for all addresses: descriptors belong to the process.
    private readonly ConnectionCount _count = new(options.MaxConnections, time, loggers.CreateLogger<ConnectionCount>());

    public bool CanBind(EndPoint endpoint) => _sockets.CanBind(endpoint);

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new BoundedListener(await _sockets.BindAsync(endpoint, cancellationToken), _count, time);
}
