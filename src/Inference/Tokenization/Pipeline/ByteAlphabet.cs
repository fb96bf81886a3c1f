using System.Text;

namespace ActorEmbed.Inference.Tokenization.Pipeline;

/// <summary>The visible character that stands for each byte in a byte-level vocabulary, as GPT-2 chose them.</summary>
internal static class ByteAlphabet
{
    // The bytes that are no visible character of ISO 8859-1 get the characters from here on.
    private const int FirstSubstitute = 0x100;

    private static readonly char[] Characters = Create();

    /// <summary>The character of a byte.</summary>
    public static char Of(byte value) => Characters[value];

    /// <summary>Appends the UTF-8 bytes of a part of a text, each as its character.</summary>
    public static void Append(AlignedText text, int start, int length, AlignedText result)
    {
        Span<byte> utf8 = stackalloc byte[4];
        for (var at = start; at < start + length;)
        {
            Rune.DecodeFromUtf16(text.Span[at..(start + length)], out var character, out var units);
            foreach (var value in utf8[..character.EncodeToUtf8(utf8)])
                result.Append(Of(value), text, at);
            at += units;
        }
    }

    /// <summary>The bytes that a piece spells; false where a character of it stands for none.</summary>
    public static bool TryRead(string piece, out byte[] bytes)
    {
        bytes = new byte[piece.Length];
        for (var i = 0; i < piece.Length; i++)
        {
            var value = Array.IndexOf(Characters, piece[i]);
            if (value < 0)
                return false;
            bytes[i] = (byte)value;
        }

        return true;
    }

    private static char[] Create()
    {
        var substitutes = 0;
        var characters = new char[byte.MaxValue + 1];
        for (var value = 0; value < characters.Length; value++)
        {
            var isVisible = value is (>= '!' and <= '~') or (>= '\u00A1' and <= '\u00AC') or >= '\u00AE';
            characters[value] = (char)(isVisible ? value : FirstSubstitute + substitutes++);
        }

        return characters;
    }
}
