namespace ActorEmbed.Inference.Hub;

/// <summary>What the cache has of a model.</summary>
/// <param name="Directory">The snapshot, when it is complete.</param>
/// <param name="Lacking">What an incomplete snapshot lacks; empty when there is no snapshot at all.</param>
/// <param name="Refusal">Why a snapshot cannot be run, a whole sentence; null where something lacks, or nothing.</param>
internal sealed record CachedModel(string? Directory, IReadOnlyList<string> Lacking, string? Refusal = null)
{
    public static CachedModel Nothing { get; } = new(null, []);
}
