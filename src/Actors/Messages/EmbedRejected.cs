namespace ActorEmbed.Actors.Messages;

/// <summary>Why a request got no vectors, no scores or no tokens.</summary>
/// <param name="Reason">The case.</param>
/// <param name="Message">One sentence for a person; never contains the text.</param>
public sealed record EmbedRejected(RejectionReason Reason, string Message) : EmbedReply
{
    /// <summary>The caller has cancelled, and expects no answer.</summary>
    internal static EmbedRejected Cancelled { get; } = new(RejectionReason.Cancelled, "The caller cancelled.");

    /// <summary>Index in <see cref="EmbedTexts.Texts"/> of the text at fault, where there is one.</summary>
    public int? TextIndex { get; init; }

    /// <summary>Time after which trying again makes sense, where that is known.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
