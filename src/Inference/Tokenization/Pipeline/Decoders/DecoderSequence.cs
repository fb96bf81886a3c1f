namespace ActorEmbed.Inference.Tokenization.Pipeline.Decoders;

/// <summary>Decoders one after the other.</summary>
internal sealed class DecoderSequence(params IReadOnlyList<ITokenDecoder> decoders) : ITokenDecoder
{
    public List<string> Decode(List<string> pieces) => decoders.Aggregate(pieces, (before, decoder) => decoder.Decode(before));
}
