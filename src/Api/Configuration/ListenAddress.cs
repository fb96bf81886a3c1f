using System.Net;

namespace ActorEmbed.Api.Configuration;

/// <summary>The forms of <see cref="ServerOptions.Address"/>.</summary>
internal static class ListenAddress
{
    /// <summary>Both loopback addresses.</summary>
    public const string Localhost = "localhost";

    /// <summary>Every address, IPv4 and IPv6.</summary>
    public const string Any = "*";

    /// <summary>The address, <see cref="IPAddress.IPv6Any"/> for all; null for <see cref="Localhost"/> or what is none.</summary>
    public static IPAddress? Parse(string address) =>
        address == Any ? IPAddress.IPv6Any : IPAddress.TryParse(address, out var ip) ? ip : null;

    public static bool IsValid(string address) => address == Localhost || Parse(address) is not null;

    /// <summary>Whether nobody but this machine can reach it.</summary>
    public static bool IsLoopback(string address) => address == Localhost || (Parse(address) is { } ip && IPAddress.IsLoopback(ip));
}
