using System.Text;

namespace ActorEmbed.Inference.Tokenization.Pipeline;

/// <summary>Each character of a class is a match of its own.</summary>
internal sealed class CharacterPattern(Func<Rune, bool> contains) : ITextPattern
{
    public List<PatternMatch> Matches(ReadOnlySpan<char> text)
    {
        var matches = new List<PatternMatch>();
        var from = 0;
        for (var at = 0; at < text.Length;)
        {
            Rune.DecodeFromUtf16(text[at..], out var character, out var length);
            if (contains(character))
            {
                if (from < at)
                    matches.Add(new PatternMatch(from, at, IsMatch: false));
                matches.Add(new PatternMatch(at, at + length, IsMatch: true));
                from = at + length;
            }

            at += length;
        }

        if (from < text.Length)
            matches.Add(new PatternMatch(from, text.Length, IsMatch: false));
        return matches;
    }
}
