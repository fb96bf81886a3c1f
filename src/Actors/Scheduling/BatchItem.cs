namespace ActorEmbed.Actors.Scheduling;

/// <summary>One text of one request.</summary>
internal readonly record struct BatchItem(QueuedRequest Request, int Index);
