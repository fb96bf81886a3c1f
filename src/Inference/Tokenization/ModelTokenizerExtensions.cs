namespace ActorEmbed.Inference.Tokenization;

/// <summary>What every tokenizer can do by the parts it has.</summary>
internal static class ModelTokenizerExtensions
{
    /// <summary>Tokens of a text itself that the model takes: without the special tokens around it.</summary>
    public static int MaxTokensOfText(this IModelTokenizer tokenizer) =>
        tokenizer.MaxTokens - tokenizer.Before.Count - tokenizer.After.Count;

    /// <summary>The text that ids of the vocabulary stand for; ids that it does not use stand for nothing.</summary>
    /// <exception cref="InferenceException">It is not known how this tokenizer's pieces become a text.</exception>
    public static string Decode(this IModelTokenizer tokenizer, IEnumerable<int> ids, bool skipsSpecialTokens)
    {
        if (tokenizer.Decoder is not { } decoder)
            throw new InferenceException("The decoder of this model's tokenizer is not known.");
        var pieces = ids.Select(tokenizer.PieceOf).Where(piece => piece.Text.Length > 0 && !(skipsSpecialTokens && piece.IsSpecial));
        return string.Concat(decoder.Decode([.. pieces.Select(piece => piece.Text)]));
    }

    /// <summary>Ids that a caller made, as a text of its own: special tokens around them unless they are there, cut to the maximum.</summary>
    public static TokenizedText Enclose(this IModelTokenizer tokenizer, ReadOnlySpan<int> ids)
    {
        var before = tokenizer.Before.ToArray();
        var after = tokenizer.After.ToArray();
        var isEnclosed = ids.Length >= before.Length + after.Length && ids.StartsWith(before) && ids.EndsWith(after);
        var inner = isEnclosed ? ids[before.Length..^after.Length] : ids;
        var kept = inner[..Math.Min(inner.Length, tokenizer.MaxTokensOfText())];
        return new TokenizedText([.. before, .. kept, .. after], kept.Length < inner.Length);
    }
}
