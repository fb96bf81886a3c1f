namespace ActorEmbed.Tests.Shared.Hub;

/// <summary>A request that <see cref="MisbehavingHub"/> got.</summary>
/// <param name="File">Path in the repository, or <see cref="MisbehavingHub.Listing"/>.</param>
/// <param name="IsFileServer">Whether it went to the server that large files are redirected to.</param>
/// <param name="RangeFrom">First byte asked for; null without a range.</param>
/// <param name="Authorization">The header; null when absent.</param>
/// <param name="IsContent">Whether it asked for the file itself; the one before it was redirected to here.</param>
public sealed record HubRequest(string File, bool IsFileServer, long? RangeFrom, string? Authorization, bool IsContent = true)
{
    private long _bytesSent;

    /// <summary>GET or HEAD.</summary>
    public string Method { get; init; } = "GET";

    /// <summary>Bytes of the body that were handed to the network.</summary>
    public long BytesSent => Interlocked.Read(ref _bytesSent);

    internal void Sent(int bytes) => Interlocked.Add(ref _bytesSent, bytes);
}
