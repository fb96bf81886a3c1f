using ActorEmbed.Inference;

namespace ActorEmbed.Actors.Messages;

/// <summary>The tokens of a request's texts.</summary>
/// <param name="Model">Whose vocabulary they belong to.</param>
/// <param name="Texts">For each text all of its tokens with their places, the special tokens around it included: nothing is truncated.</param>
/// <param name="Pieces">The vocabulary's entry of each id that occurs.</param>
public sealed record TextsTokenized(
    ModelInfo Model, IReadOnlyList<TextTokens> Texts, IReadOnlyDictionary<int, TokenPiece> Pieces) : EmbedReply
{
    /// <summary>What was put before each text; places count from its beginning.</summary>
    public string Prompt { get; init; } = "";
}
