namespace ActorEmbed.Inference;

/// <summary>All tokens of a text and where they stand in it.</summary>
/// <param name="Ids">The ids, the special tokens around the text included.</param>
/// <param name="Starts">
/// For each token the first UTF-16 code unit of the text that it stands for; 0 for those around the text. Tokens for the
/// bytes of one character all have the place of that character.
/// </param>
/// <param name="Ends">After the last code unit; 0 for those around the text.</param>
/// <param name="CountBefore">Special tokens before the text.</param>
/// <param name="CountAfter">Special tokens after the text.</param>
public sealed record TextTokens(int[] Ids, int[] Starts, int[] Ends, int CountBefore, int CountAfter);
