namespace ActorEmbed.Inference.Tokenization;

/// <summary>The part of a text that is looked at: a text of many megabytes costs no more than its beginning.</summary>
internal static class ConsideredText
{
    /// <summary>
    /// Visible characters looked at for each token that the model takes. A piece has 16 characters at most (the
    /// default with which SentencePiece trains), so half of them fill every token even in the worst case, and as many
    /// follow: the cut is then too far away to change how the kept part is divided. Only a text whose characters
    /// vanish or melt into one token (thousands of unknown or deleted characters in a row) may lose tokens by it.
    /// </summary>
    private const int VisibleCharactersPerToken = 32;

    /// <summary>The beginning of a text that can matter for a number of tokens. White space costs nothing.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="maxTokens">The tokens that the model takes.</param>
    /// <param name="isCut">Whether anything but white space was left out.</param>
    /// <returns>Valid UTF-16: the text itself, or a copy with U+FFFD for each unpaired surrogate.</returns>
    public static ReadOnlySpan<char> Of(string text, int maxTokens, out bool isCut)
    {
        var end = End(text, (long)VisibleCharactersPerToken * maxTokens);
        isCut = text.AsSpan(end).ContainsAnyExcept(WhiteSpace.Any);
        return Valid(text.AsSpan(0, end));
    }

    private static int End(ReadOnlySpan<char> text, long visible)
    {
        var at = 0;
        while (visible > 0 && at < text.Length)
        {
            var spaces = text[at..].IndexOfAnyExcept(WhiteSpace.Any);
            if (spaces < 0)
                return text.Length;
            at += spaces;

            var word = text.Slice(at, (int)Math.Min(visible, text.Length - at));
            var length = word.IndexOfAny(WhiteSpace.Any);
            if (length < 0)
                length = word.Length;
            at += length;
            visible -= length;
        }

        var splitsPair = at > 0 && at < text.Length && char.IsSurrogatePair(text[at - 1], text[at]);
        return splitsPair ? at + 1 : at;
    }

    private static ReadOnlySpan<char> Valid(ReadOnlySpan<char> text)
    {
        char[]? copy = null;
        for (var at = 0; at < text.Length; at++)
        {
            var distance = text[at..].IndexOfAnyInRange('\uD800', '\uDFFF');
            if (distance < 0)
                break;
            at += distance;
            if (at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]))
                at++;
            else
                (copy ??= text.ToArray())[at] = '\uFFFD';
        }

        return copy ?? text;
    }
}
