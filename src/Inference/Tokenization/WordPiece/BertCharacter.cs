using System.Globalization;
using System.Text;

namespace ActorEmbed.Inference.Tokenization.WordPiece;

/// <summary>The classes of characters that BERT's tokenizer tells apart.</summary>
internal static class BertCharacter
{
    private const int ReplacementCharacter = 0xFFFD;

    /// <summary>Left out before anything else: control, format and private characters, U+FFFD.</summary>
    public static bool IsDropped(Rune c) => c.Value is not ('\t' or '\n' or '\r')
        && (c.Value == ReplacementCharacter || Rune.GetUnicodeCategory(c) is UnicodeCategory.Control
            or UnicodeCategory.Format or UnicodeCategory.PrivateUse);

    /// <summary>A word of its own: ASCII symbols count as punctuation too.</summary>
    public static bool IsPunctuation(Rune c) =>
        Rune.IsPunctuation(c) || (c.IsAscii && Rune.IsSymbol(c));

    /// <summary>The blocks of Han characters that BERT knows.</summary>
    public static bool IsHan(Rune c) => c.Value is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF)
        or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F) or (>= 0x2B740 and <= 0x2B81F)
        or (>= 0x2B920 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);
}
