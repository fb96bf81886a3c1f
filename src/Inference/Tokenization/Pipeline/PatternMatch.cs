namespace ActorEmbed.Inference.Tokenization.Pipeline;

/// <summary>A part of a text that matches a pattern, or lies between two matches.</summary>
internal readonly record struct PatternMatch(int Start, int End, bool IsMatch);
