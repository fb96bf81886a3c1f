namespace ActorEmbed.Inference.Tokenization.Pipeline.Normalizers;

/// <summary>
/// Puts one text in the place of every match of a pattern. It stands for the last character of what it replaces, as in the
/// Rust tokenizers library.
/// </summary>
internal sealed class ReplaceNormalizer(ITextPattern pattern, string content) : INormalizer
{
    public AlignedText Normalize(AlignedText text)
    {
        AlignedText? result = null;
        var copied = 0;
        var matches = new List<PatternMatch>();
        pattern.Match(text.Span, matches);
        foreach (var match in matches)
        {
            if (!match.IsMatch)
                continue;
            result ??= new AlignedText(text.Length + content.Length, text.IsAligned);
            result.Append(text, copied, match.Start - copied);
            if (text.Length > 0)
                result.Append(content, text, Math.Max(0, match.End - 1));
            copied = match.End;
        }

        result?.Append(text, copied, text.Length - copied);
        return result ?? text;
    }
}
