namespace ActorEmbed.Inference.Tokenization.Pipeline.PostProcessors;

/// <summary>One part of what the model is given: special tokens, or the tokens of a text.</summary>
/// <param name="Ids">The special tokens; null for a text.</param>
/// <param name="Text">0 for the first text, 1 for the second.</param>
/// <param name="TypeId">The token type of all of them.</param>
internal sealed record TemplatePart(IReadOnlyList<int>? Ids, int Text, int TypeId);
