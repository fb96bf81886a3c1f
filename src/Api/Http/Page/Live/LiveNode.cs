using ActorEmbed.Actors.Messages;

namespace ActorEmbed.Api.Http.Page.Live;

/// <summary>A node of the cluster that works for this one.</summary>
/// <param name="Address">Host and port.</param>
/// <param name="State">What it is doing.</param>
/// <param name="Reason">Why it gets no batches, where it gets none.</param>
/// <param name="Batches">Batches that it has returned.</param>
/// <param name="Texts">Texts of those.</param>
/// <param name="LostBatches">Batches that it was given and did not return.</param>
/// <param name="SecondsSinceSeen">Since its last message.</param>
internal sealed record LiveNode(
    string Address, WorkerState State, string? Reason, long Batches, long Texts, long LostBatches, double SecondsSinceSeen);
