using System.Text;
using ActorEmbed.Inference.Tokenization.Unicode;

namespace ActorEmbed.Inference.Tokenization.Pipeline.Normalizers;

/// <summary>
/// NFC, NFD, NFKC, NFKD, the same on every machine. A character that is made of several stands for the first of them; what a
/// character falls apart into stands for it.
/// </summary>
internal sealed class UnicodeNormalizer(UnicodeForm form) : INormalizer
{
    // Latin letters of ISO 8859-1 are composed already; the canonical forms of what lies below U+0300 do not reorder.
    private const char FirstCombining = '\u0300';
    private const char FirstBeyondAscii = '\u0080';

    private readonly bool _composes = form is UnicodeForm.Nfc or UnicodeForm.Nfkc;
    private readonly bool _isCompatible = form is UnicodeForm.Nfkc or UnicodeForm.Nfkd;

    public AlignedText Normalize(AlignedText text)
    {
        if (IsNormalized(text.Span))
            return text;
        var data = NormalizationData.Instance;
        var characters = Decompose(text, data);
        Reorder(characters, data);
        if (_composes)
            Compose(characters, data);

        var result = new AlignedText(text.Length + (text.Length / 4), text.IsAligned);
        foreach (var (code, place) in characters)
            result.Append(new Rune(code), text, place);
        return result;
    }

    private bool IsNormalized(ReadOnlySpan<char> text)
    {
        var first = text.IndexOfAnyInRange(form == UnicodeForm.Nfc ? FirstCombining : FirstBeyondAscii, char.MaxValue);
        if (first < 0)
            return true;
        var data = NormalizationData.Instance;
        if (form == UnicodeForm.Nfc)
        {
            foreach (var character in text[first..].EnumerateRunes())
            {
                if (data.MayCompose(character))
                    return false;
            }

            return true;
        }

        foreach (var c in text[first..])
        {
            if (!data.IsInert(c))
                return false;
        }

        return true;
    }

    private List<(int Code, int Place)> Decompose(AlignedText text, NormalizationData data)
    {
        var characters = new List<(int, int)>(text.Length + (text.Length / 4));
        Span<int> letters = stackalloc int[3];
        var span = text.Span;
        for (var at = 0; at < span.Length;)
        {
            Rune.DecodeFromUtf16(span[at..], out var character, out var length);
            var code = character.Value;
            if (HangulSyllable.Is(code))
            {
                foreach (var letter in letters[..HangulSyllable.Decompose(code, letters)])
                    characters.Add((letter, at));
            }
            else if ((length == 1 && data.IsInert(span[at]))
                || data.Decomposition(code, _isCompatible) is not { } parts)
            {
                characters.Add((code, at));
            }
            else
            {
                foreach (var part in parts)
                    characters.Add((part, at));
            }

            at += length;
        }

        return characters;
    }

    /// <summary>Marks that follow each other are put in the order of their classes; equal ones stay as they are.</summary>
    private static void Reorder(List<(int Code, int Place)> characters, NormalizationData data)
    {
        for (var start = 0; start < characters.Count; start++)
        {
            if (data.CombiningClass(characters[start].Code) == 0)
                continue;
            var end = start + 1;
            while (end < characters.Count && data.CombiningClass(characters[end].Code) != 0)
                end++;
            if (end - start > 1)
            {
                var ordered = characters.GetRange(start, end - start).OrderBy(mark => data.CombiningClass(mark.Code)).ToArray();
                for (var i = 0; i < ordered.Length; i++)
                    characters[start + i] = ordered[i];
            }

            start = end - 1;
        }
    }

    private static void Compose(List<(int Code, int Place)> characters, NormalizationData data)
    {
        var starter = -1;
        var lastClass = 0;
        var written = 0;
        foreach (var (code, place) in characters.ToArray())
        {
            var combining = data.CombiningClass(code);
            // A mark is blocked from its starter by one of its own class or a higher one between them; a starter by anything.
            var isNext = written == starter + 1;
            if (starter >= 0 && (isNext || (lastClass < combining && lastClass != 0)))
            {
                var first = characters[starter].Code;
                var composed = HangulSyllable.Compose(first, code) is >= 0 and var syllable ? syllable : data.Composition(first, code);
                if (composed >= 0)
                {
                    characters[starter] = (composed, characters[starter].Place);
                    continue;
                }
            }

            if (combining == 0)
                starter = written;
            lastClass = combining;
            characters[written++] = (code, place);
        }

        characters.RemoveRange(written, characters.Count - written);
    }
}
