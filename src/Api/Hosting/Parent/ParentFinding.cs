namespace ActorEmbed.Api.Hosting.Parent;

/// <summary>What is known of the process to end with.</summary>
/// <param name="IsGone">It has ended.</param>
/// <param name="Process">The running process; null when it is gone, or when there is none that could be watched.</param>
internal readonly record struct ParentFinding(bool IsGone, ProcessIdentity? Process)
{
    /// <summary>Nothing can be known of it, which does not mean that it has ended.</summary>
    public static readonly ParentFinding Unknown;

    public static readonly ParentFinding Gone = new(true, null);

    public static ParentFinding Running(ProcessIdentity process) => new(false, process);
}
