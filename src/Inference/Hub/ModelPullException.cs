namespace ActorEmbed.Inference.Hub;

/// <summary>
/// A model could not be pulled. The message is one line for a person: which file or model, what happened, what to do.
/// </summary>
public sealed class ModelPullException(PullFailure failure, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>What kind of failure it was.</summary>
    public PullFailure Failure { get; } = failure;

    /// <summary>
    /// What happened, without advice, when the same request may succeed a little later; otherwise null.
    /// </summary>
    internal string? TransientReason { get; init; }

    /// <summary>How long the server asked to wait before the next try, if it did.</summary>
    internal TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether a server refused without the hub's own explanation: it may be a mirror that does not know the address.</summary>
    internal bool IsUnexplained { get; init; }

    /// <summary>A failure that may pass.</summary>
    /// <param name="failure">What it is when it does not pass.</param>
    /// <param name="reason">What happened.</param>
    /// <param name="advice">What to do when it does not pass.</param>
    /// <param name="retryAfter">How long the server asked to wait.</param>
    /// <param name="cause">Where it came from.</param>
    internal static ModelPullException Transient(
        PullFailure failure, string reason, string advice, TimeSpan? retryAfter = null, Exception? cause = null) =>
        new(failure, $"{reason}: {advice}.", cause) { TransientReason = reason, RetryAfter = retryAfter };
}
