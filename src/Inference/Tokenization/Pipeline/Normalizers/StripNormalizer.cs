namespace ActorEmbed.Inference.Tokenization.Pipeline.Normalizers;

/// <summary>Takes white space off the ends.</summary>
internal sealed class StripNormalizer(bool left, bool right) : INormalizer
{
    public AlignedText Normalize(AlignedText text)
    {
        var start = left ? text.Length - text.Span.TrimStart().Length : 0;
        var end = right ? Math.Max(start, text.Span.TrimEnd().Length) : text.Length;
        if (end - start == text.Length)
            return text;
        var result = new AlignedText(end - start, text.IsAligned);
        result.Append(text, start, end - start);
        return result;
    }
}
