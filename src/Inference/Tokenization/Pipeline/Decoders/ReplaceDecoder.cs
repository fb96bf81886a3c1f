using ActorEmbed.Inference.Tokenization.Pipeline.Normalizers;

namespace ActorEmbed.Inference.Tokenization.Pipeline.Decoders;

/// <summary>One text in the place of another, in each piece.</summary>
internal sealed class ReplaceDecoder(ITextPattern pattern, string content) : ITokenDecoder
{
    private readonly ReplaceNormalizer _replace = new(pattern, content);

    public List<string> Decode(List<string> pieces) =>
        [.. pieces.Select(piece => _replace.Normalize(AlignedText.Of(piece, 0, isAligned: false)).Span.ToString())];
}
