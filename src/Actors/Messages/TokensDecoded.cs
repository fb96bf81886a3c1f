using ActorEmbed.Inference;

namespace ActorEmbed.Actors.Messages;

/// <summary>The texts that a request's token ids stand for.</summary>
/// <param name="Model">Whose vocabulary they belong to.</param>
/// <param name="Texts">In the order of <see cref="DecodeTokens.Texts"/>. What the tokenizer normalised away is not in them.</param>
public sealed record TokensDecoded(ModelInfo Model, IReadOnlyList<string> Texts) : EmbedReply;
