namespace ActorEmbed.Inference.Tokenization;

/// <summary>A special token found in a text.</summary>
/// <param name="Id">The token's id.</param>
/// <param name="Start">Index of its first character, swallowed white space included.</param>
/// <param name="End">Index after its last character.</param>
internal readonly record struct SpecialTokenMatch(int Id, int Start, int End);
