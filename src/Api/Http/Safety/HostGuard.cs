using System.Net;

namespace ActorEmbed.Api.Http.Safety;

/// <summary>
/// Refuses requests whose Host is not one of this server's. A web page can point a name of its own at 127.0.0.1 (DNS
/// rebinding) and is then, to the browser, of the same origin as this server; but the Host header still says the name.
/// </summary>
internal sealed class HostGuard(ServerOptions options)
{
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        // No browser opens a Unix socket, and its clients put anything into Host.
        if (context.Connection.LocalIpAddress is not { } local || IsAllowed(context.Request.Host, local))
            return next(context);
        return context.Request.Host.HasValue
            ? Refusal.WriteAsync(
                context, StatusCodes.Status421MisdirectedRequest,
                "The Host header names a host that this server does not answer for; --allowed-host adds one.")
            : Refusal.WriteAsync(context, StatusCodes.Status400BadRequest, "The Host header is missing.");
    }

    private bool IsAllowed(HostString host, IPAddress local)
    {
        var name = host.Host.Trim('[', ']');
        if (name.Equals("localhost", StringComparison.OrdinalIgnoreCase))
            return true;
        // An address in the Host header is what the client really connected to, unless somebody in between changed it.
        if (IPAddress.TryParse(name, out var ip) && (IPAddress.IsLoopback(ip) || Same(ip, local)))
            return true;
        return options.AllowedHosts.Any(allowed => Matches(allowed, name));
    }

    // A socket for both families says IPv4 addresses as IPv6 ones.
    private static bool Same(IPAddress named, IPAddress local) => named.MapToIPv6().Equals(local.MapToIPv6());

    private static bool Matches(string allowed, string name) =>
        allowed == "*" || (allowed.StartsWith("*.", StringComparison.Ordinal)
            ? name.EndsWith(allowed[1..], StringComparison.OrdinalIgnoreCase)
            : name.Equals(allowed.Trim('[', ']'), StringComparison.OrdinalIgnoreCase));
}
