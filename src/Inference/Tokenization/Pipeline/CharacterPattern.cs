using System.Text;

namespace ActorEmbed.Inference.Tokenization.Pipeline;

/// <summary>Each character of a class is a match of its own.</summary>
internal sealed class CharacterPattern : ITextPattern
{
    private const int AsciiCharacters = 0x80;

    private readonly Func<Rune, bool> _contains;

    // Most characters of most texts: no call for each of them.
    private readonly bool[] _containsAscii = new bool[AsciiCharacters];

    public CharacterPattern(Func<Rune, bool> contains)
    {
        _contains = contains;
        for (var c = 0; c < AsciiCharacters; c++)
            _containsAscii[c] = contains(new Rune(c));
    }

    public void Match(ReadOnlySpan<char> text, List<PatternMatch> matches)
    {
        matches.Clear();
        var from = 0;
        for (var at = 0; at < text.Length;)
        {
            var length = 1;
            bool isMatch;
            if (text[at] < AsciiCharacters)
            {
                isMatch = _containsAscii[text[at]];
            }
            else
            {
                Rune.DecodeFromUtf16(text[at..], out var character, out length);
                isMatch = _contains(character);
            }

            if (isMatch)
            {
                if (from < at)
                    matches.Add(new PatternMatch(from, at, IsMatch: false));
                from = at + length;
                matches.Add(new PatternMatch(at, from, IsMatch: true));
            }

            at += length;
        }

        if (from < text.Length)
            matches.Add(new PatternMatch(from, text.Length, IsMatch: false));
    }
}
