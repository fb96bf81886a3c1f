namespace ActorEmbed.Inference.Tokenization.Pipeline.Normalizers;

/// <summary>Several normalizers, one after the other.</summary>
internal sealed class NormalizerSequence(params IReadOnlyList<INormalizer> normalizers) : INormalizer
{
    public AlignedText Normalize(AlignedText text) =>
        normalizers.Aggregate(text, (current, normalizer) => normalizer.Normalize(current));
}
