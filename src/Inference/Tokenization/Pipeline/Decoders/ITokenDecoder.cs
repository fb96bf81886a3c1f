namespace ActorEmbed.Inference.Tokenization.Pipeline.Decoders;

/// <summary>A step from the pieces of the vocabulary back to a text. Safe for concurrent use.</summary>
internal interface ITokenDecoder
{
    /// <summary>The parts of the text, which are joined without anything between them; may change what it is given.</summary>
    List<string> Decode(List<string> pieces);
}
