using ActorEmbed.Inference;

namespace ActorEmbed.Actors.Messages;

/// <summary>The token ids of a request's texts.</summary>
/// <param name="Model">Whose vocabulary they belong to.</param>
/// <param name="TokenIds">For each text all of its ids, the special tokens around it included: nothing is truncated.</param>
/// <param name="Pieces">The vocabulary's entry of each id that occurs.</param>
public sealed record TextsTokenized(
    ModelInfo Model, IReadOnlyList<int[]> TokenIds, IReadOnlyDictionary<int, TokenPiece> Pieces) : EmbedReply;
