namespace ActorEmbed.Inference.Tokenization;

/// <summary>What every tokenizer can do by the parts it has.</summary>
internal static class ModelTokenizerExtensions
{
    // A token for every two characters is more than everyday text has; a text of other kind costs one more pass.
    private const int CharactersPerToken = 2;

    /// <summary>All ids of a text, however many, the special tokens around it included.</summary>
    public static int[] TokenizeWhole(this IModelTokenizer tokenizer, string text, CancellationToken cancellation)
    {
        for (var room = Math.Max(tokenizer.MaxTokens, text.Length / CharactersPerToken); ; room *= 2)
        {
            cancellation.ThrowIfCancellationRequested();
            var tokens = tokenizer.Tokenize(text, room);
            if (!tokens.IsTruncated)
                return tokens.Ids;
        }
    }

    /// <summary>Ids that a caller made, as a text of its own: special tokens around them unless they are there, cut to the maximum.</summary>
    public static TokenizedText Enclose(this IModelTokenizer tokenizer, ReadOnlySpan<int> ids)
    {
        var isEnclosed = ids.Length >= ModelInfo.SpecialTokensAround && ids[0] == tokenizer.StartId && ids[^1] == tokenizer.EndId;
        var inner = isEnclosed ? ids[1..^1] : ids;
        var room = tokenizer.MaxTokens - ModelInfo.SpecialTokensAround;
        var kept = inner[..Math.Min(inner.Length, room)];
        return new TokenizedText([tokenizer.StartId, .. kept, tokenizer.EndId], kept.Length < inner.Length);
    }
}
