using System.Globalization;
using System.Text;
using ActorEmbed.Inference.Tokenization.Unicode;

namespace ActorEmbed.Inference.Tokenization.Pipeline;

/// <summary>The classes of characters that the Rust tokenizers library tells apart.</summary>
internal static class UnicodeClasses
{
    /// <summary>Unicode's White_Space, for .NET and for Rust the same.</summary>
    public static bool IsWhiteSpace(Rune c) => Rune.IsWhiteSpace(c);

    /// <summary>A number of any kind: digits, letters and signs.</summary>
    public static bool IsNumeric(Rune c) => Rune.GetUnicodeCategory(c)
        is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;

    /// <summary>Punctuation; of ASCII the symbols too.</summary>
    public static bool IsPunctuation(Rune c) => CharacterClass.Punctuation.Contains(c);

    /// <summary>The blocks of Han characters that BERT knows.</summary>
    public static bool IsHan(Rune c) => c.Value is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF)
        or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F) or (>= 0x2B740 and <= 0x2B81F)
        or (>= 0x2B920 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);

    /// <summary>What <c>\w</c> matches in Rust: letters, marks, digits, letter numbers, connectors, joiners, letters in circles.</summary>
    public static bool IsWord(Rune c) => Rune.GetUnicodeCategory(c) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.NonSpacingMark
            or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark or UnicodeCategory.DecimalDigitNumber
            or UnicodeCategory.LetterNumber or UnicodeCategory.ConnectorPunctuation => true,
        _ => c.Value is 0x200C or 0x200D or (>= 0x24B6 and <= 0x24E9)
            or (>= 0x1F130 and <= 0x1F149) or (>= 0x1F150 and <= 0x1F169) or (>= 0x1F170 and <= 0x1F189),
    };
}
