namespace ActorEmbed.Actors.Messages;

/// <summary>Why the router rejected a request.</summary>
public enum RejectionReason
{
    /// <summary>
    /// The request itself is wrong: a null text, a token id that is not in the vocabulary, or more than the router ever
    /// queues. Trying again will not help.
    /// </summary>
    InvalidRequest,

    /// <summary>A text has more tokens than the model takes, and <see cref="EmbedTexts.Truncate"/> is false.</summary>
    TextTooLong,

    /// <summary>Another model is served than <see cref="ModelRequest.Model"/> names.</summary>
    WrongModel,

    /// <summary>The model is a reranker and vectors were asked for, or an embedder and scores were.</summary>
    WrongKind,

    /// <summary>The model has no prompt of the name that <see cref="EmbedTexts.Prompt"/> has; the message lists those that it has.</summary>
    UnknownPrompt,

    /// <summary><see cref="EmbedTexts.Dimensions"/> is above what the model has.</summary>
    TooManyDimensions,

    /// <summary>The queue is full. Try again after <see cref="EmbedRejected.RetryAfter"/>.</summary>
    Overloaded,

    /// <summary>The time-out passed first.</summary>
    DeadlineExceeded,

    /// <summary>The caller cancelled.</summary>
    Cancelled,

    /// <summary>Inference failed on one text, alone in its batch.</summary>
    TextFailed,

    /// <summary>The model has failed for good: it cannot be loaded, keeps failing, or hangs.</summary>
    ModelFailed,

    /// <summary>The service stopped before the request was served.</summary>
    Stopping,
}
