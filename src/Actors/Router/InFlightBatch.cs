using ActorEmbed.Actors.Scheduling;

namespace ActorEmbed.Actors.Router;

/// <summary>A batch that a worker has.</summary>
/// <param name="Batch">What was handed out.</param>
/// <param name="Worker">Who has it.</param>
/// <param name="SentAt">Since when on the router's clock.</param>
/// <param name="Patience">Time after which it is given up.</param>
internal sealed record InFlightBatch(Batch Batch, Worker Worker, TimeSpan SentAt, TimeSpan Patience);
