namespace ActorEmbed.Inference.Tokenization.Pipeline.Normalizers;

/// <summary>Puts a text in front, unless there is nothing to put it in front of. It stands for the first character.</summary>
internal sealed class PrependNormalizer(string prefix) : INormalizer
{
    public AlignedText Normalize(AlignedText text)
    {
        if (text.Length == 0)
            return text;
        var result = new AlignedText(text.Length + prefix.Length, text.IsAligned);
        result.Append(prefix, text, 0);
        result.Append(text, 0, text.Length);
        return result;
    }
}
