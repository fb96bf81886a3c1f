using System.Text;

namespace ActorEmbed.Inference.Tokenization.Pipeline.Normalizers;

/// <summary>Puts a space on both sides of each Han character.</summary>
internal sealed class HanSeparator : INormalizer
{
    // The first block of Han characters begins here.
    private const char FirstHan = '\u3400';

    public AlignedText Normalize(AlignedText text)
    {
        var span = text.Span;
        if (!span.ContainsAnyInRange(FirstHan, char.MaxValue))
            return text;
        var result = new AlignedText(text.Length * 2, text.IsAligned);
        for (var at = 0; at < span.Length;)
        {
            Rune.DecodeFromUtf16(span[at..], out var character, out var length);
            var isHan = UnicodeClasses.IsHan(character);
            if (isHan)
                result.Append(' ', text, at);
            result.Append(text, at, length);
            if (isHan)
                result.Append(' ', text, at);
            at += length;
        }

        return result;
    }
}
