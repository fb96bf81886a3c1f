using System.Buffers;
using System.Text;

namespace ActorEmbed.Inference.Tokenization.Pipeline;

/// <summary>
/// Finds added tokens in a text as the Rust tokenizers library does: the leftmost, and of those that start at the same place
/// the longest.
/// </summary>
internal sealed class AddedTokenFinder
{
    private readonly SearchValues<char> _firstCharacters;
    private readonly Dictionary<char, int[]> _lengths = [];
    private readonly Dictionary<string, (int Id, AddedToken Token)>.AlternateLookup<ReadOnlySpan<char>> _patterns;

    /// <param name="patterns">What each token is written as; of equal ones the first counts.</param>
    public AddedTokenFinder(IEnumerable<(string Text, int Id, AddedToken Token)> patterns)
    {
        var byText = new Dictionary<string, (int, AddedToken)>(StringComparer.Ordinal);
        foreach (var (text, id, token) in patterns.Where(pattern => pattern.Text.Length > 0))
            byText.TryAdd(text, (id, token));
        foreach (var group in byText.Keys.GroupBy(text => text[0]))
            _lengths.Add(group.Key, [.. group.Select(text => text.Length).Distinct().OrderDescending()]);
        _firstCharacters = SearchValues.Create([.. _lengths.Keys]);
        _patterns = byText.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Whether there is nothing to find.</summary>
    public bool IsEmpty => _lengths.Count == 0;

    /// <summary>Divides a text into tokens and what lies between.</summary>
    /// <param name="text">Valid UTF-16.</param>
    /// <returns>In order; without gaps, but what a token swallowed may belong to the next one as well.</returns>
    public IEnumerable<AddedTokenMatch> Find(ReadOnlyMemory<char> text)
    {
        var done = 0;
        for (var at = 0; TryFind(text.Span, ref at, out var length, out var id, out var token); at += length)
        {
            var (start, end) = (at, at + length);
            if (token.IsSingleWord && (EndsWithWord(text.Span[..start]) || StartsWithWord(text.Span[end..])))
                continue;
            if (token.StripsLeft)
                start = Math.Max(done, text.Span[..start].TrimEnd().Length);
            if (token.StripsRight)
                end = text.Length - text.Span[end..].TrimStart().Length;
            if (done < start)
                yield return new AddedTokenMatch(done, start, null);
            yield return new AddedTokenMatch(start, end, id);
            done = end;
        }

        if (done < text.Length)
            yield return new AddedTokenMatch(done, text.Length, null);
    }

    private bool TryFind(ReadOnlySpan<char> text, ref int at, out int length, out int id, out AddedToken token)
    {
        for (; at < text.Length; at++)
        {
            var distance = text[at..].IndexOfAny(_firstCharacters);
            if (distance < 0)
                break;
            at += distance;
            foreach (var candidate in _lengths[text[at]])
            {
                if (candidate <= text.Length - at && _patterns.TryGetValue(text.Slice(at, candidate), out var found))
                {
                    (length, id, token) = (candidate, found.Id, found.Token);
                    return true;
                }
            }
        }

        (length, id, token) = (0, 0, null!);
        return false;
    }

    private static bool EndsWithWord(ReadOnlySpan<char> text) =>
        Rune.DecodeLastFromUtf16(text, out var character, out _) == OperationStatus.Done && UnicodeClasses.IsWord(character);

    private static bool StartsWithWord(ReadOnlySpan<char> text) =>
        Rune.DecodeFromUtf16(text, out var character, out _) == OperationStatus.Done && UnicodeClasses.IsWord(character);
}
