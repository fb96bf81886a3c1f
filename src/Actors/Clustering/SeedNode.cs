using System.Globalization;

namespace ActorEmbed.Actors.Clustering;

/// <summary>A node to join, as <c>host:port</c>; an IPv6 address stands in brackets.</summary>
internal static class SeedNode
{
    public static bool TryParse(string text, out string host, out int port)
    {
        var colon = text.LastIndexOf(':');
        (host, port) = ("", 0);
        if (colon < 1 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is 0 or > 65535)
            return false;
        host = text[..colon];
        return !host.Contains(':', StringComparison.Ordinal) || host is ['[', .., ']'];
    }
}
