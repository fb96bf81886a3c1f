namespace ActorEmbed.Client;

/// <summary>What went wrong, in one word that code can branch on. Those with a name in capitals are the same in every client.</summary>
public enum ActorEmbedErrorCode
{
    /// <summary><c>NETWORK_ERROR</c>: connection refused, reset or cut off, or the host name does not resolve. Retried.</summary>
    NetworkError,

    /// <summary><c>TIMEOUT</c>: no complete answer, body included, within <see cref="ActorEmbedClientOptions.Timeout"/>. Not retried.</summary>
    Timeout,

    /// <summary><c>HTTP_ERROR</c>: a status other than 200. 5xx is retried, everything else is not.</summary>
    HttpError,

    /// <summary><c>PARSE_ERROR</c>: the answer is not what the contract says: no JSON, wrong number of vectors, wrong dimension. Not retried.</summary>
    ParseError,

    /// <summary>The server could not be started; the exit code and the message say why.</summary>
    StartFailed,

    /// <summary>Another process holds the port. It is named, and never used.</summary>
    PortInUse,

    /// <summary>A stop ended the start that was under way.</summary>
    Stopped,

    /// <summary><c>WRONG_MODEL</c>: the server runs another model than <see cref="ActorEmbedClientOptions.ModelId"/> or the call names. Not retried.</summary>
    WrongModel,
}
