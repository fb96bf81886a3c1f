using ActorEmbed.Inference;

namespace ActorEmbed.Actors.WorkProtocol;

/// <summary>One text of a batch.</summary>
/// <param name="Text">The text.</param>
/// <param name="Normalize">Whether its vector is scaled to length 1.</param>
internal readonly record struct BatchText(EmbeddingInput Text, bool Normalize);
