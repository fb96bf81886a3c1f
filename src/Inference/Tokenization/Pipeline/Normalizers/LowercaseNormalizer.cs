using System.Text;

namespace ActorEmbed.Inference.Tokenization.Pipeline.Normalizers;

/// <summary>Each character's lower case by itself, whatever stands around it.</summary>
internal sealed class LowercaseNormalizer : INormalizer
{
    private const int DottedCapitalI = 0x130;

    public AlignedText Normalize(AlignedText text)
    {
        AlignedText? result = null;
        var span = text.Span;
        for (var at = 0; at < span.Length;)
        {
            Rune.DecodeFromUtf16(span[at..], out var character, out var length);
            var lower = Rune.ToLowerInvariant(character);
            if (character.Value == DottedCapitalI)
            {
                // The only character whose lower case is two, wherever it stands.
                result ??= Copy(text, at);
                result.Append("i\u0307", text, at);
            }
            else if (lower != character)
            {
                result ??= Copy(text, at);
                result.Append(lower, text, at);
            }
            else
            {
                result?.Append(text, at, length);
            }

            at += length;
        }

        return result ?? text;
    }

    private static AlignedText Copy(AlignedText text, int length)
    {
        var copy = new AlignedText(text.Length + 1, text.IsAligned);
        copy.Append(text, 0, length);
        return copy;
    }
}
