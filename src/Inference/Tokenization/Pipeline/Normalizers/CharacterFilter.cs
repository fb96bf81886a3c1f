using System.Text;
using ActorEmbed.Inference.Tokenization.Unicode;

namespace ActorEmbed.Inference.Tokenization.Pipeline.Normalizers;

/// <summary>Leaves characters out, and puts one in the place of others.</summary>
internal sealed class CharacterFilter : INormalizer
{
    private const int AsciiCharacters = 0x80;

    private readonly Func<Rune, Rune?> _map;

    // Most characters of most texts: no call for each of them.
    private readonly bool[] _keepsAscii = new bool[AsciiCharacters];

    /// <param name="map">The character to write; null leaves it out.</param>
    public CharacterFilter(Func<Rune, Rune?> map)
    {
        _map = map;
        for (var c = 0; c < AsciiCharacters; c++)
            _keepsAscii[c] = map(new Rune(c)) == new Rune(c);
    }

    /// <summary>Every mark is left out: U+0301 is, a letter that is composed with it stays.</summary>
    public static CharacterFilter StripAccents { get; } = new(c => CharacterClass.Mark.Contains(c) ? null : c);

    /// <summary>What SentencePiece calls nmt: controls are left out, odd white space becomes a space.</summary>
    public static CharacterFilter Nmt { get; } = new(c => c.Value switch
    {
        (>= 0x1 and <= 0x8) or 0xB or (>= 0xE and <= 0x1F) or 0x7F or 0x8F or 0x9F => null,
        0x9 or 0xA or 0xC or 0xD or 0x1680 or (>= 0x200B and <= 0x200F) or 0x2028 or 0x2029 or 0x2581 or 0xFEFF or 0xFFFD => new Rune(' '),
        _ => c,
    });

    public AlignedText Normalize(AlignedText text)
    {
        AlignedText? result = null;
        var span = text.Span;
        for (var at = 0; at < span.Length;)
        {
            if (span[at] < AsciiCharacters && _keepsAscii[span[at]])
            {
                result?.Append(text, at, 1);
                at++;
                continue;
            }

            Rune.DecodeFromUtf16(span[at..], out var character, out var length);
            var mapped = _map(character);
            if (mapped != character && result is null)
            {
                result = new AlignedText(text.Length, text.IsAligned);
                result.Append(text, 0, at);
            }

            if (mapped == character)
                result?.Append(text, at, length);
            else if (mapped is { } other)
                result!.Append(other, text, at);
            at += length;
        }

        return result ?? text;
    }
}
