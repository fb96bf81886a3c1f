using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace ActorEmbed.Inference.Tokenization.WordPiece;

/// <summary>
/// What is left of a character after canonical decomposition (NFD) without its non-spacing marks: <c>e</c> for
/// <c>é</c>. The runtime cannot tell: with InvariantGlobalization <c>string.Normalize</c> changes nothing.
/// </summary>
internal static class CanonicalBases
{
    // Hangul syllables decompose by arithmetic: Unicode, chapter 3.12.
    private const int FirstSyllable = 0xAC00;
    private const int LastSyllable = 0xD7A3;
    private const int FirstLead = 0x1100;
    private const int FirstVowel = 0x1161;
    private const int BeforeFirstTail = 0x11A7;
    private const int Vowels = 21;
    private const int TailsAndNone = 28;

    private static readonly Lazy<FrozenDictionary<int, Rune[]>> Bases = new(Read);

    /// <summary>Appends the bases of one character, possibly none.</summary>
    public static void Append(Rune character, List<Rune> bases)
    {
        if (character.IsAscii)
        {
            bases.Add(character);
        }
        else if (character.Value is >= FirstSyllable and <= LastSyllable)
        {
            var index = character.Value - FirstSyllable;
            bases.Add(new Rune(FirstLead + (index / TailsAndNone / Vowels)));
            bases.Add(new Rune(FirstVowel + (index / TailsAndNone % Vowels)));
            if (index % TailsAndNone > 0)
                bases.Add(new Rune(BeforeFirstTail + (index % TailsAndNone)));
        }
        else if (Bases.Value.TryGetValue(character.Value, out var known))
        {
            bases.AddRange(known);
        }
        else if (Rune.GetUnicodeCategory(character) != UnicodeCategory.NonSpacingMark)
        {
            bases.Add(character);
        }
    }

    /// <summary>
    /// A line for each character of UnicodeData.txt (14.0) with a canonical decomposition: the character, then its
    /// bases, as hexadecimal code points.
    /// </summary>
    private static FrozenDictionary<int, Rune[]> Read()
    {
        using var stream = typeof(CanonicalBases).Assembly.GetManifestResourceStream("canonical-bases.txt")!;
        using var reader = new StreamReader(stream);
        var bases = new Dictionary<int, Rune[]>();
        while (reader.ReadLine() is { } line)
        {
            var codes = Array.ConvertAll(line.Split(' '), code => int.Parse(code, NumberStyles.HexNumber, null));
            bases.Add(codes[0], Array.ConvertAll(codes[1..], code => new Rune(code)));
        }

        return bases.ToFrozenDictionary();
    }
}
