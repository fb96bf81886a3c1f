namespace ActorEmbed.Client;

/// <summary>
/// Every failure of the client and of the sidecar. Not wrapped in it are a caller's own mistakes
/// (<see cref="ArgumentException"/>) and a caller's own cancellation (<see cref="OperationCanceledException"/>).
/// </summary>
public sealed class ActorEmbedException : Exception
{
    /// <summary>Creates a failure.</summary>
    /// <param name="code">What went wrong.</param>
    /// <param name="message">One sentence for whoever reads the log.</param>
    /// <param name="innerException">What caused it.</param>
    public ActorEmbedException(ActorEmbedErrorCode code, string message, Exception? innerException = null)
        : base(message, innerException) => Code = code;

    /// <summary>What went wrong.</summary>
    public ActorEmbedErrorCode Code { get; }

    /// <summary>HTTP status, where the server answered.</summary>
    public int? Status { get; init; }

    /// <summary>The server's answer to a failed request, at most 64 Ki characters of it.</summary>
    public string? Body { get; init; }

    /// <summary>Number of tries that were made before giving up; 0 where no request was involved.</summary>
    public int Attempts { get; init; }

    /// <summary>How long the server asked to wait (<c>Retry-After</c>).</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Exit code of a server that could not be started; 128 + n where signal n ended it.</summary>
    public int? ExitCode { get; init; }
}
