namespace ActorEmbed.Inference.Tokenization;

/// <summary>The part of a text that is looked at: a text of many megabytes costs no more than the end that is kept.</summary>
internal static class ConsideredText
{
    /// <summary>
    /// Visible characters looked at for each token that the model takes. A piece has 16 characters at most (the
    /// default with which SentencePiece trains), so half of them fill every token even in the worst case, and as many
    /// follow: the cut is then too far away to change how the kept part is divided. Only a text whose characters
    /// vanish or melt into one token (thousands of unknown or deleted characters in a row) may lose tokens by it.
    /// </summary>
    private const int VisibleCharactersPerToken = 32;

    /// <summary>
    /// Looked at however few tokens the model takes: WordPiece has to see 101 characters of a word to know that it is
    /// too long, and ten times that is still nothing.
    /// </summary>
    private const int MinVisibleCharacters = 1024;

    /// <summary>Visible characters to look at first for a number of tokens.</summary>
    public static long VisibleCharacters(int maxTokens) => Math.Max(MinVisibleCharacters, (long)VisibleCharactersPerToken * maxTokens);

    /// <summary>One end of a text. White space costs nothing.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="visible">Visible characters to look at.</param>
    /// <param name="side">The end that is of no interest.</param>
    /// <param name="isCut">Whether anything but white space was left out.</param>
    /// <returns>Valid UTF-16: a part of the text itself, or a copy with U+FFFD for each unpaired surrogate.</returns>
    public static ReadOnlySpan<char> Of(string text, long visible, TruncationSide side, out bool isCut)
    {
        if (side == TruncationSide.Right)
        {
            var end = End(text, visible);
            isCut = text.AsSpan(end).ContainsAnyExcept(WhiteSpace.Any);
            return Valid(text.AsSpan(0, end));
        }

        var start = Start(text, visible);
        isCut = text.AsSpan(0, start).ContainsAnyExcept(WhiteSpace.Any);
        return Valid(text.AsSpan(start));
    }

    /// <summary>The whole text, with U+FFFD for each unpaired surrogate.</summary>
    public static ReadOnlySpan<char> Whole(string text) => Valid(text);

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

        return SplitsPair(text, at) ? at + 1 : at;
    }

    private static int Start(ReadOnlySpan<char> text, long visible)
    {
        var at = text.Length;
        while (visible > 0 && at > 0)
        {
            at = text[..at].LastIndexOfAnyExcept(WhiteSpace.Any) + 1;
            var first = (int)Math.Max(0, at - visible);
            var word = first + text[first..at].LastIndexOfAny(WhiteSpace.Any) + 1;
            visible -= at - word;
            at = word;
        }

        return SplitsPair(text, at) ? at - 1 : at;
    }

    private static bool SplitsPair(ReadOnlySpan<char> text, int at) =>
        at > 0 && at < text.Length && char.IsSurrogatePair(text[at - 1], text[at]);

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
