using ActorEmbed.Inference;

namespace ActorEmbed.Actors.Messages;

/// <summary>One worker, as its router sees it.</summary>
/// <param name="Node">Its address: host and port in a cluster, <c>local</c> in the router's own process.</param>
/// <param name="State">What it is doing.</param>
/// <param name="Reason">Why it gets no batches, where it gets none.</param>
/// <param name="Model">What it has announced.</param>
/// <param name="Batches">Batches that it has returned.</param>
/// <param name="Texts">Distinct texts of those batches.</param>
/// <param name="Lost">Batches that were given to it and did not come back.</param>
/// <param name="LastSeen">Time since its last message.</param>
public sealed record WorkerStatus(
    string Node, WorkerState State, string? Reason, ModelInfo Model, long Batches, long Texts, long Lost, TimeSpan LastSeen);
