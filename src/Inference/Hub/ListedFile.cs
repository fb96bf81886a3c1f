namespace ActorEmbed.Inference.Hub;

/// <summary>A file as a hub's list names it; only what is chosen needs a size and a hash.</summary>
/// <param name="Path">Relative, with forward slashes; never leaves the snapshot.</param>
/// <param name="Size">In bytes; null where the list does not say it.</param>
/// <param name="Digest">What its bytes must hash to; null where the list does not say it.</param>
internal sealed record ListedFile(string Path, long? Size, BlobDigest? Digest)
{
    /// <summary>The file, where everything of it is known.</summary>
    public HubFile? Known => Size is { } size && Digest is not null ? new HubFile(Path, size, Digest) : null;
}
