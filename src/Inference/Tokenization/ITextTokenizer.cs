namespace ActorEmbed.Inference.Tokenization;

/// <summary>Text to token ids, as the model was trained with. Safe for concurrent use.</summary>
internal interface ITextTokenizer
{
    /// <summary>Ids of one text, the special tokens around it included, cut to the model's maximum.</summary>
    TokenizedText Tokenize(string text);
}
