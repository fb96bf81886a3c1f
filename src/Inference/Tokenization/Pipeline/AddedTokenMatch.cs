namespace ActorEmbed.Inference.Tokenization.Pipeline;

/// <summary>A part of a text that is an added token, or lies between two.</summary>
/// <param name="Start">Its first code unit.</param>
/// <param name="End">After the last one.</param>
/// <param name="Id">The token; null for what lies between.</param>
internal readonly record struct AddedTokenMatch(int Start, int End, int? Id);
