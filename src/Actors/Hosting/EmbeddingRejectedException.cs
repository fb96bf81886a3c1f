using ActorEmbed.Actors.Messages;

namespace ActorEmbed.Actors.Hosting;

/// <summary>The router rejected a request that came through an <c>IEmbeddingGenerator</c>. The message never contains the text.</summary>
public sealed class EmbeddingRejectedException : Exception
{
    /// <param name="rejected">What the router said.</param>
    public EmbeddingRejectedException(EmbedRejected rejected)
        : base(rejected?.Message)
    {
        ArgumentNullException.ThrowIfNull(rejected);
        Reason = rejected.Reason;
        TextIndex = rejected.TextIndex;
        RetryAfter = rejected.RetryAfter;
    }

    /// <summary>The case.</summary>
    public RejectionReason Reason { get; }

    /// <summary>Index of the value at fault, where there is one.</summary>
    public int? TextIndex { get; }

    /// <summary>Time after which trying again makes sense, where that is known.</summary>
    public TimeSpan? RetryAfter { get; }
}
