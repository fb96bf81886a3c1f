namespace ActorEmbed.Actors.Messages;

/// <summary>Whether requests are being served.</summary>
public enum ServiceState
{
    /// <summary>The model has not produced a vector yet, or is being restarted; requests wait.</summary>
    Loading,

    /// <summary>The loaded model has produced a real vector.</summary>
    Ready,

    /// <summary>The model has failed for good; requests are rejected at once.</summary>
    Failed,
}
