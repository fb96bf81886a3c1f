using System.Text;
using ActorEmbed.Inference.Tokenization.SentencePiece;

namespace ActorEmbed.Inference.Tokenization.Pipeline.Normalizers;

/// <summary>
/// Applies the character map of a SentencePiece model grapheme cluster by grapheme cluster, as the Rust tokenizers library
/// does: see <see cref="CharacterMap.TryMap"/>. The first characters of a replacement stand for the first characters of
/// what it replaces, one by one; what is left of a text whose first characters vanish begins where they were.
/// </summary>
internal sealed class PrecompiledNormalizer(CharacterMap map) : INormalizer
{
    private const int MaxBytesOfCharacter = 4;

    public AlignedText Normalize(AlignedText text)
    {
        var result = new AlignedText(text.Length, text.IsAligned);
        var span = text.Span;
        Span<byte> utf8 = stackalloc byte[MaxBytesOfCharacter];
        for (var at = 0; at < span.Length;)
        {
            var length = GraphemeCluster.Length(span[at..]);
            if (length == 1 && !map.Maps(span[at]))
            {
                Keep(text, at, 1, result);
            }
            else if (!map.TryMapWhole(span.Slice(at, length), out var whole))
            {
                for (var part = at; part < at + length;)
                {
                    Rune.DecodeFromUtf16(span[part..], out var character, out var units);
                    if (map.TryMap(utf8[..character.EncodeToUtf8(utf8)], out var replacement))
                        Replace(text, part, units, replacement, result);
                    else
                        Keep(text, part, units, result);
                    part += units;
                }
            }
            else
            {
                Replace(text, at, length, whole, result);
            }

            at += length;
        }

        return result;
    }

    private static void Keep(AlignedText text, int at, int length, AlignedText result)
    {
        if (result.Length > 0 || at == 0)
            result.Append(text, at, length);
        else
            result.Append(text.Span.Slice(at, length), text, place: 0);
    }

    private static void Replace(AlignedText text, int at, int length, ReadOnlySpan<byte> replacement, AlignedText result)
    {
        var place = result.Length > 0 ? at : 0;
        while (!replacement.IsEmpty)
        {
            Rune.DecodeFromUtf8(replacement, out var character, out var bytes);
            result.Append(character, text, place);
            replacement = replacement[bytes..];
            var next = place + (char.IsHighSurrogate(text.Span[place]) ? 2 : 1);
            if (next > at && next < at + length)
                place = next;
        }
    }
}
