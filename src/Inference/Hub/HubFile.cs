namespace ActorEmbed.Inference.Hub;

/// <summary>A file of a repository.</summary>
/// <param name="Path">Relative, with forward slashes; never leaves the snapshot.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Digest">What its bytes must hash to.</param>
internal sealed record HubFile(string Path, long Size, BlobDigest Digest);
