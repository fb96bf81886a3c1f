namespace ActorEmbed.Actors.Messages;

/// <summary>The vectors of a request.</summary>
/// <param name="Vectors">[texts, dimensions], in the order of <see cref="EmbedTexts.Texts"/>. Not to be changed: equal texts may share one.</param>
/// <param name="TokenCount">Tokens that reached the model, special tokens included, over all texts.</param>
/// <param name="TruncatedTexts">How many texts had more tokens than the model takes.</param>
public sealed record TextsEmbedded(IReadOnlyList<float[]> Vectors, int TokenCount, int TruncatedTexts) : EmbedReply;
