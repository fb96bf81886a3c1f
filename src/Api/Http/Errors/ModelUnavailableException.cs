namespace ActorEmbed.Api.Http.Errors;

/// <summary>There is no model to answer the request with.</summary>
/// <param name="reason">One sentence.</param>
/// <param name="mayPass">Whether there may be one later.</param>
internal sealed class ModelUnavailableException(string reason, bool mayPass) : Exception(reason)
{
    // A model from the disk takes about that long; one that is being pulled takes longer, and nobody knows how long.
    private static readonly TimeSpan WhileLoading = TimeSpan.FromSeconds(1);

    /// <summary>Time after which trying again makes sense; null where it does not.</summary>
    public TimeSpan? RetryAfter => mayPass ? WhileLoading : null;
}
