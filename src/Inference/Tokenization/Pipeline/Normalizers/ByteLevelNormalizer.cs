namespace ActorEmbed.Inference.Tokenization.Pipeline.Normalizers;

/// <summary>Writes each byte of the text as its visible character.</summary>
internal sealed class ByteLevelNormalizer : INormalizer
{
    public AlignedText Normalize(AlignedText text)
    {
        var result = new AlignedText(text.Length * 2, text.IsAligned);
        ByteAlphabet.Append(text, 0, text.Length, result);
        return result;
    }
}
