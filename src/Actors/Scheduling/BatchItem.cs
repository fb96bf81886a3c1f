namespace ActorEmbed.Actors.Scheduling;

/// <summary>One text of one request.</summary>
internal readonly record struct BatchItem(PendingRequest Request, int Index);
