using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ActorEmbed.Actors.Clustering;
using ActorEmbed.Api.Configuration;
using ActorEmbed.Api.Hosting.Connections;
using ActorEmbed.Api.Hosting.Failures;
using ActorEmbed.Api.Http.Safety;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace ActorEmbed.Api.Hosting;

/// <summary>Where and within which limits the server listens.</summary>
internal static class Listening
{
    // Kestrel's own limit of the rate has the same: a client may pause once without being cut off.
    private static readonly TimeSpan BodyGracePeriod = TimeSpan.FromSeconds(5);

    /// <summary>Owner only: who may open the socket may use the server.</summary>
    private const UnixFileMode SocketMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static void Configure(WebApplicationBuilder builder, ServerOptions options)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            // Kestrel__Endpoints in the environment, meant for another program, must not open this one to the world.
            // ASPNETCORE_URLS and the like lose against the addresses below, with a warning of Kestrel's own.
            kestrel.Configure(new ConfigurationBuilder().Build());
            kestrel.AddServerHeader = false;
            SetLimits(kestrel.Limits, options);
            Listen(kestrel, options);
        });
        builder.Services.AddSingleton<IConnectionListenerFactory, BoundedListenerFactory>();
        if (options.Socket is not null)
            builder.Services.Configure<SocketTransportOptions>(transport => transport.CreateBoundListenSocket = BindPrivately);
    }

    /// <summary>
    /// Looks whether the port or socket can be had, before anything costly is started for it. A socket that a killed server left
    /// behind is removed.
    /// </summary>
    /// <exception cref="SocketException">Somebody listens on the port, or this process may not.</exception>
    /// <exception cref="IOException">The socket's place is not free.</exception>
    public static void EnsureFree(ServerOptions options)
    {
        if (options.Socket is { } path)
            SocketFile.Clear(path);
        if (options.Socket is not null || options.Port == 0)
            return;
        IPAddress[] addresses = options.Address == ListenAddress.Any ? [IPAddress.IPv6Any, IPAddress.Any]
            : ListenAddress.Parse(options.Address) is { } address ? [address]
            : [IPAddress.Loopback, IPAddress.IPv6Loopback];
        foreach (var endpoint in addresses.Select(address => new IPEndPoint(address, options.Port)))
        {
            try
            {
                SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint).Dispose();
            }
            catch (SocketException e) when (addresses.Length > 1 && !IsRefusal(e, endpoint))
            {
                // A machine without IPv6: one of the two is enough.
            }
        }
    }

    /// <summary>One sentence for a start that failed because of the cluster's port.</summary>
    public static string Explain(ClusterOptions cluster, Exception exception) => string.Create(
        CultureInfo.InvariantCulture,
        $"Cannot listen on cluster port {cluster.Port}: {exception.GetBaseException().Message.TrimEnd('.')}. Choose another with --cluster-port, or --cluster-port 0 to let the system choose.");

    /// <summary>
    /// Windows keeps ranges of ports back, for each address family by itself. The server could do without IPv6, but what it
    /// calls its address is the IPv4 one.
    /// </summary>
    private static bool IsRefusal(SocketException exception, IPEndPoint endpoint) => exception.SocketErrorCode == SocketError.AddressAlreadyInUse
        || (exception.SocketErrorCode == SocketError.AccessDenied && !endpoint.Address.Equals(IPAddress.IPv6Loopback));

    /// <summary>One sentence for a failed start.</summary>
    public static string Explain(ServerOptions options, Exception exception)
    {
        var cause = exception.GetBaseException().Message.TrimEnd('.');
        if (FailureReason.OfListening(exception) == FailureReason.PortReserved)
            cause += OperatingSystem.IsWindows() ? ", as the system keeps it for itself (netsh int ipv4 show excludedportrange tcp)" : ", as this user may not take it";
        return options.Socket is not null
            ? $"Cannot listen on the socket {options.Socket}: {cause}. Choose another path with --socket."
            : string.Create(CultureInfo.InvariantCulture,
                $"Cannot listen on port {options.Port} of {options.Address}: {cause}. Choose another with --port, or --port 0 to let the system choose.");
    }

    private static void SetLimits(KestrelServerLimits limits, ServerOptions options)
    {
        limits.MaxRequestBodySize = options.MaxBodyBytes;
        // Connections that have left HTTP behind; nothing here does.
        limits.MaxConcurrentUpgradedConnections = 0;
        limits.MaxRequestHeadersTotalSize = options.MaxHeaderBytes;
        limits.RequestHeadersTimeout = options.HeaderTimeout;
        limits.MinRequestBodyDataRate = new MinDataRate(options.MinBodyBytesPerSecond, BodyGracePeriod);
    }

    private static void Listen(KestrelServerOptions kestrel, ServerOptions options)
    {
        var silence = kestrel.ApplicationServices.GetRequiredService<SilenceLimit>();
        kestrel.ConfigureEndpointDefaults(endpoint =>
        {
            endpoint.Protocols = HttpProtocols.Http1;
            endpoint.Use(next => connection => silence.InvokeAsync(connection, next));
        });
        if (options.Socket is { } path)
            kestrel.ListenUnixSocket(Path.GetFullPath(path));
        else if (options.Address == ListenAddress.Any)
            kestrel.ListenAnyIP(options.Port);
        else if (ListenAddress.Parse(options.Address) is { } address)
            kestrel.Listen(address, options.Port);
        // Both loopbacks where the port is known; the system can choose one port for one address only.
        else if (options.Port == 0)
            kestrel.Listen(IPAddress.Loopback, 0);
        else
            kestrel.ListenLocalhost(options.Port);
    }

    private static Socket BindPrivately(EndPoint endpoint)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        // Between binding and listening nobody can connect yet.
        if (endpoint is UnixDomainSocketEndPoint && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(endpoint.ToString()!, SocketMode);
        return socket;
    }
}
