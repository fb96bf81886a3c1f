namespace ActorEmbed.Inference.Tokenization;

/// <summary>One text as the model takes it.</summary>
/// <param name="Ids">Token ids, the special tokens included; never empty.</param>
/// <param name="IsTruncated">Whether tokens were cut off at the model's maximum.</param>
/// <param name="Types">Type of each token; null where all are 0.</param>
internal readonly record struct TokenizedText(int[] Ids, bool IsTruncated, int[]? Types = null);
