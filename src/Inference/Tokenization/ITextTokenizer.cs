namespace ActorEmbed.Inference.Tokenization;

/// <summary>Text to token ids, as the model was trained with. Safe for concurrent use.</summary>
internal interface ITextTokenizer
{
    /// <summary>The id that fills up a row of a padded batch.</summary>
    int PaddingId { get; }

    /// <summary>
    /// Ids of one text, the special tokens around it included, cut to the model's maximum. Any string will do:
    /// unpaired surrogates count as U+FFFD, as in .NET's UTF-8 encoder.
    /// </summary>
    TokenizedText Tokenize(string text);
}
