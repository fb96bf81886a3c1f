using ActorEmbed.Inference;
using Akka.Actor;

namespace ActorEmbed.Actors.Messages;

/// <summary>The state of the service; counts are since the start of the router.</summary>
/// <param name="State">Whether requests are being served.</param>
/// <param name="Reason">Why not, where <paramref name="State"/> is not <see cref="ServiceState.Ready"/> and it is known.</param>
/// <param name="ModelIsUnusable">Whether the failure is one of the model itself: missing, damaged, or of a kind that cannot be run.</param>
/// <param name="Model">The loaded model; null before it has produced its first vector.</param>
/// <param name="QueuedRequests">Requests of which some or all is waiting.</param>
/// <param name="QueuedTexts">Texts that wait for a batch, or for a tokenizer.</param>
/// <param name="QueuedBytes">Memory of the texts of all requests that have not been answered, in bytes.</param>
/// <param name="TokensPerSecond">Measured in recent batches, tokens estimated; 0 before the first one.</param>
/// <param name="Counters">What has been done so far.</param>
public sealed record ServiceStatus(
    ServiceState State,
    string? Reason,
    bool ModelIsUnusable,
    ModelInfo? Model,
    int QueuedRequests,
    int QueuedTexts,
    long QueuedBytes,
    double TokensPerSecond,
    ServiceCounters Counters) : INoSerializationVerificationNeeded
{
    /// <summary>The workers that have announced themselves.</summary>
    public IReadOnlyList<WorkerStatus> Workers { get; init; } = [];

    /// <summary>
    /// Whether the model is closed, as nobody has asked for it for a while (<see cref="Scheduling.SchedulingOptions.UnloadAfter"/>). The
    /// next request opens it again, and waits for it as at the start; <see cref="State"/> stays <see cref="ServiceState.Ready"/>.
    /// </summary>
    public bool IsAsleep { get; init; }
}
