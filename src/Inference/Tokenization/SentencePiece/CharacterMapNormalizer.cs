using System.Buffers;
using System.Text;

namespace ActorEmbed.Inference.Tokenization.SentencePiece;

/// <summary>
/// Applies a character map grapheme cluster by grapheme cluster, as the Rust tokenizers library does: a cluster of at
/// most five bytes is looked up as a whole first, and only then character by character. SentencePiece itself takes
/// the longest key instead; the two differ on half-width katakana with voicing marks and on stacked accents.
/// </summary>
internal sealed class CharacterMapNormalizer
{
    private const int MaxBytesOfCharacter = 4;

    private readonly CharacterMap _map;
    private readonly SearchValues<char> _spaces;

    public CharacterMapNormalizer(CharacterMap map)
    {
        _map = map;

        // White space that a map deletes (vertical tab in nmt_nfkc) joins words instead of dividing them.
        _spaces = SearchValues.Create([.. WhiteSpace.Characters.Where(c => MapsToWhiteSpace(map, c))]);
    }

    /// <summary>Feeds the normalised text to <paramref name="words"/>, as far as it can matter.</summary>
    /// <param name="text">Valid UTF-16.</param>
    /// <param name="words">Takes the characters.</param>
    public void Normalize(ReadOnlySpan<char> text, ref WordReader words)
    {
        for (var at = 0; at < text.Length && !words.IsOverfull;)
        {
            var rest = text[at..];
            var length = GraphemeCluster.Length(rest);
            if (length > 1)
            {
                AddCluster(rest[..length], ref words);
                at += length;
                continue;
            }

            if (_spaces.Contains(rest[0]))
            {
                words.EndWord();
                at += SpacesToSkip(rest);
            }
            else if (_map.Maps(rest[0]))
            {
                AddCharacter(new Rune(rest[0]), ref words);
                at++;
            }
            else
            {
                words.Add(rest[0]);
                at++;
            }
        }
    }

    /// <summary>The white space that a text begins with, but for the last if that may carry a mark.</summary>
    private int SpacesToSkip(ReadOnlySpan<char> text)
    {
        var spaces = text.IndexOfAnyExcept(_spaces);
        if (spaces < 0)
            return text.Length;
        return spaces > 1 && !GraphemeCluster.IsPlain(text[spaces]) ? spaces - 1 : spaces;
    }

    private void AddCluster(ReadOnlySpan<char> cluster, ref WordReader words)
    {
        if (_map.TryMapWhole(cluster, out var replacement))
        {
            words.Add(replacement);
            return;
        }

        foreach (var character in cluster.EnumerateRunes())
            AddCharacter(character, ref words);
    }

    private void AddCharacter(Rune character, ref WordReader words)
    {
        Span<byte> utf8 = stackalloc byte[MaxBytesOfCharacter];
        if (_map.TryMap(utf8[..character.EncodeToUtf8(utf8)], out var replacement))
            words.Add(replacement);
        else
            words.Add(character);
    }

    private static bool MapsToWhiteSpace(CharacterMap map, char c)
    {
        Span<byte> utf8 = stackalloc byte[MaxBytesOfCharacter];
        if (!map.TryMap(utf8[..new Rune(c).EncodeToUtf8(utf8)], out var replacement))
            return true;
        return !replacement.IsEmpty && System.Text.Encoding.UTF8.GetString(replacement).All(char.IsWhiteSpace);
    }
}
