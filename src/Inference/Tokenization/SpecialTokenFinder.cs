using System.Buffers;

namespace ActorEmbed.Inference.Tokenization;

/// <summary>
/// Finds special tokens in raw text as the Rust tokenizers library does: the leftmost, and of those that start at the
/// same place the longest.
/// </summary>
internal sealed class SpecialTokenFinder
{
    private readonly SpecialToken[] _longestFirst;
    private readonly SearchValues<char> _firstCharacters;

    public SpecialTokenFinder(IEnumerable<SpecialToken> tokens)
    {
        _longestFirst = [.. tokens.OrderByDescending(token => token.Text.Length)];
        _firstCharacters = SearchValues.Create([.. _longestFirst.Select(token => token.Text[0])]);
    }

    /// <summary>The next special token at or after <paramref name="from"/>, where the previous one ended.</summary>
    /// <returns>Null when there is none.</returns>
    public SpecialTokenMatch? Find(ReadOnlySpan<char> text, int from)
    {
        for (var at = from; ; at++)
        {
            var distance = text[at..].IndexOfAny(_firstCharacters);
            if (distance < 0)
                return null;

            at += distance;
            foreach (var token in _longestFirst)
            {
                if (!text[at..].StartsWith(token.Text))
                    continue;

                // White space that the previous token ended with is not up for stripping again: nothing before
                // `from` is looked at.
                var start = token.StripsLeft ? from + text[from..at].TrimEnd().Length : at;
                return new SpecialTokenMatch(token.Id, start, at + token.Text.Length);
            }
        }
    }
}
