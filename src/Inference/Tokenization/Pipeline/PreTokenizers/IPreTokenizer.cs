namespace ActorEmbed.Inference.Tokenization.Pipeline.PreTokenizers;

/// <summary>Divides a normalised text into the pieces that the model tokenizes one by one. Safe for concurrent use.</summary>
internal interface IPreTokenizer
{
    /// <summary>Divides the pieces further, or writes them anew.</summary>
    void PreTokenize(PreTokenizedText text);
}
