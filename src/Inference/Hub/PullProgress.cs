namespace ActorEmbed.Inference.Hub;

/// <summary>How far a pull is. Counts what was not in the cache when it began.</summary>
/// <param name="Stage">What just happened.</param>
/// <param name="Model">The model's full id.</param>
/// <param name="File">The file it happened to; empty when it concerns the whole.</param>
/// <param name="FileBytes">Bytes of the file that are there, those of an earlier run included.</param>
/// <param name="FileSize">Bytes of the whole file.</param>
/// <param name="Bytes">Bytes of all files that are there.</param>
/// <param name="Size">Bytes of all files.</param>
/// <param name="Note">A line for a person when waiting or retrying, otherwise null.</param>
public readonly record struct PullProgress(
    PullStage Stage, string Model, string File, long FileBytes, long FileSize, long Bytes, long Size, string? Note)
{
    /// <summary>0 to 1; 0 while the size is not known.</summary>
    public double Fraction => Size > 0 ? (double)Bytes / Size : Stage == PullStage.Done ? 1 : 0;
}
