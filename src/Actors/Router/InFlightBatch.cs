using ActorEmbed.Actors.Scheduling;

namespace ActorEmbed.Actors.Router;

/// <summary>A batch, who has it, and since when on the router's clock.</summary>
internal sealed record InFlightBatch(Batch Batch, Worker Worker, TimeSpan SentAt);
