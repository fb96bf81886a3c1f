namespace ActorEmbed.Client;

/// <summary>How a sidecar is doing; null where there is nothing to tell.</summary>
public sealed record ActorEmbedSidecarStatus
{
    /// <summary>Where it stands.</summary>
    public ActorEmbedSidecarState State { get; init; }

    /// <summary>Process id of the server, or of the process that was started in order to become one.</summary>
    public int? ProcessId { get; init; }

    /// <summary>Port of the server; before it is ready, the one that was asked for, unless it is the system's choice.</summary>
    public int? Port { get; init; }

    /// <summary>Address of the server while it is ready.</summary>
    public Uri? Url { get; init; }

    /// <summary>Time since the server became ready; zero while it is not.</summary>
    public TimeSpan Uptime { get; init; }

    /// <summary>Automatic restarts so far.</summary>
    public int Restarts { get; init; }

    /// <summary>Exit code of the last process that ended; 128 + n where signal n ended it.</summary>
    public int? LastExitCode { get; init; }

    /// <summary>Why the last start failed; null again once one has succeeded.</summary>
    public string? LastError { get; init; }

    /// <summary>Id of the model that is loaded.</summary>
    public string? Model { get; init; }

    /// <summary>Components of each vector.</summary>
    public int? Dimensions { get; init; }

    /// <summary><c>cpu</c>, <c>mps</c> or <c>cuda</c>.</summary>
    public string? Device { get; init; }

    /// <summary>Version of the server.</summary>
    public string? Version { get; init; }
}
