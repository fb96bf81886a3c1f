namespace ActorEmbed.Inference.Hub;

/// <summary>A file of a repository.</summary>
/// <param name="Path">Relative, with forward slashes; never leaves the snapshot (see <see cref="IsSafe"/>).</param>
/// <param name="Size">In bytes.</param>
/// <param name="Digest">What its bytes must hash to.</param>
internal sealed record HubFile(string Path, long Size, BlobDigest Digest)
{
    /// <summary>Whether a path that the hub names stays inside the directory it is put in, on every system.</summary>
    public static bool IsSafe(string path) =>
        path.Length > 0
        // A colon names a drive or a stream on Windows, a backslash separates there.
        && !path.Any(c => char.IsControl(c) || c is '\\' or ':')
        && path.Split('/').All(part => part is not ("" or "." or ".."));
}
