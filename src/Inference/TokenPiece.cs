namespace ActorEmbed.Inference;

/// <summary>One entry of a vocabulary.</summary>
/// <param name="Text">As the vocabulary spells it, such as <c>▁Hello</c> or <c>##ing</c>.</param>
/// <param name="IsSpecial">Whether it stands for no part of a text, such as <c>&lt;s&gt;</c>.</param>
public sealed record TokenPiece(string Text, bool IsSpecial);
