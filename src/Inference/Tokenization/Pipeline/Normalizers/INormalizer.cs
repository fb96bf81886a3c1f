namespace ActorEmbed.Inference.Tokenization.Pipeline.Normalizers;

/// <summary>Changes the characters of a text before it is divided. Safe for concurrent use.</summary>
internal interface INormalizer
{
    /// <summary>The normalised text: a new one, or the same where there is nothing to change.</summary>
    AlignedText Normalize(AlignedText text);
}
