namespace ActorEmbed.Inference.Hub;

/// <summary>
/// A model could not be pulled. The message is one line for a person: which file or model, what happened, what to do.
/// </summary>
public sealed class ModelPullException(PullFailure failure, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>What kind of failure it was.</summary>
    public PullFailure Failure { get; } = failure;

    /// <summary>Whether the same request may succeed a little later.</summary>
    internal bool IsTransient { get; init; }

    /// <summary>How long the server asked to wait before the next try, if it did.</summary>
    internal TimeSpan? RetryAfter { get; init; }
}
