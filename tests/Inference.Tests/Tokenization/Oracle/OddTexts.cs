using System.Text;

namespace ActorEmbed.Inference.Tests.Tokenization.Oracle;

/// <summary>Texts of what tokenizers stumble over, mixed with pieces of a vocabulary; the same in every run.</summary>
internal sealed class OddTexts(IReadOnlyList<string> pieces, IReadOnlyList<string> addedTokens, int seed)
{
    private static readonly string[] Odd =
    [
        " ", "  ", "\n", "\r\n", "\t", "\u00A0", "\u3000", "\u200B", "\u200D", "\u0000", "\u0001", "\uFEFF", "\uFFFD", "e\u0301", "é", "ﬁ", "ｶﾞ",
        "½", "İ", "ß", "Σ", "'s", "'LL", "'ſ", "...", "日本語", "한국어", "\u1100\u1161\u11A8", "नमस्ते", "ไทย", "العربية", "😀", "👨‍👩‍👧", "𝒜𝒷", "𠮷", "🇩🇪",
        "1234", "٣٤", "Ⅷ", "²", "<s>", " <mask>", "[MASK]", "[CLS]", "▁", "▁▁", "Ġ", "##ing", "a\u0323\u0307", "q\u0307\u0323", "\u2126", "ǆ", "\u0345",
        "\u2028", "\u0085", "\u000B", "\u00AD", "\u180E", "_", "$", "€", "ⓐ", "\u20DD", "\uA9C0", "\u1AC5", "\u2E4E",
    ];

    private readonly Random _random = new(seed);

    public string Next()
    {
        var text = new StringBuilder();
        for (var parts = _random.Next(1, 14); parts > 0; parts--)
        {
            text.Append(Part());
            if (_random.Next(3) == 0)
                text.Append(' ');
        }

        return text.ToString();
    }

    private string Part() => _random.Next(8) switch
    {
        0 => Odd[_random.Next(Odd.Length)],
        1 => Character().ToString(),
        2 when addedTokens.Count > 0 => addedTokens[_random.Next(addedTokens.Count)],
        3 => pieces[_random.Next(pieces.Count)],
        4 => Plain(pieces[_random.Next(pieces.Count)]).ToUpperInvariant(),
        5 => new string((char)_random.Next(' ', 0x7F), _random.Next(1, 5)),
        _ => $" {Plain(pieces[_random.Next(pieces.Count)])}",
    };

    private Rune Character()
    {
        while (true)
        {
            // Lower case of the Latin letters of Unicode 17 is the one thing that the runtime knows and the library does not.
            var code = _random.Next(4) == 0 ? _random.Next(0x16E00) : _random.Next(0x3000);
            if (Rune.IsValid(code) && code is not (0xA7CE or 0xA7D2 or 0xA7D4))
                return new Rune(code);
        }
    }

    private static string Plain(string piece) => piece.Replace("Ġ", " ", StringComparison.Ordinal)
        .Replace("▁", " ", StringComparison.Ordinal).Replace("##", "", StringComparison.Ordinal);
}
