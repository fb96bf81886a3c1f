namespace ActorEmbed.Inference.Tokenization.Pipeline;

/// <summary>Puts the special tokens around the tokens of a text and finishes their places.</summary>
internal static class TokenPlaces
{
    /// <param name="text">The text.</param>
    /// <param name="tokens">Its tokens, aligned.</param>
    /// <param name="tokenizer">Says what stands around them.</param>
    /// <param name="trims">Whether the white space at the ends of a token is no part of its place.</param>
    public static TextTokens Create(string text, TokenSink tokens, IModelTokenizer tokenizer, bool trims)
    {
        var (before, after) = (tokenizer.Before.Count, tokenizer.After.Count);
        var length = before + tokens.Ids.Count + after;
        var starts = new int[length];
        var ends = new int[length];
        for (var i = 0; i < tokens.Ids.Count; i++)
        {
            var (start, end) = (tokens.Starts[i], tokens.Ends[i]);
            while (trims && start < end && char.IsWhiteSpace(text[start]))
                start++;
            while (trims && end > start && char.IsWhiteSpace(text[end - 1]))
                end--;
            (starts[before + i], ends[before + i]) = (start, end);
        }

        return new TextTokens([.. tokenizer.Before, .. tokens.Ids, .. tokenizer.After], starts, ends, before, after);
    }
}
