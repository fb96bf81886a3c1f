namespace ActorEmbed.Inference.Tokenization.Pipeline.Decoders;

/// <summary>All pieces become one, for what comes after.</summary>
internal sealed class FuseDecoder : ITokenDecoder
{
    public List<string> Decode(List<string> pieces) => [string.Concat(pieces)];
}
