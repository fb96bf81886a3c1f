namespace ActorEmbed.Client;

/// <summary>Where a sidecar stands between two calls.</summary>
public enum ActorEmbedSidecarState
{
    /// <summary>Never started, or stopped on request.</summary>
    Stopped,

    /// <summary>The process runs, or is about to, and cannot embed yet.</summary>
    Starting,

    /// <summary>It can embed.</summary>
    Ready,

    /// <summary>It crashed; waiting for the time of the restart.</summary>
    Restarting,

    /// <summary>It was asked to end and finishes its work.</summary>
    Stopping,

    /// <summary>Down, and not coming back by itself.</summary>
    Failed,
}
