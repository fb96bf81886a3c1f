namespace ActorEmbed.Inference.Tokenization;

/// <summary>Text to token ids, as the model was trained with. Safe for concurrent use.</summary>
internal interface ITextTokenizer
{
    /// <summary>The id that fills up a row of a padded batch.</summary>
    int PaddingId { get; }

    /// <summary>The id before every text.</summary>
    int StartId { get; }

    /// <summary>The id after every text.</summary>
    int EndId { get; }

    /// <summary>Tokens of one text at most, the special tokens around it included.</summary>
    int MaxTokens { get; }

    /// <summary>Ids are below this.</summary>
    int VocabularySize { get; }

    /// <summary>
    /// Ids of one text, the special tokens around it included, cut to a maximum. Any string will do:
    /// unpaired surrogates count as U+FFFD, as in .NET's UTF-8 encoder.
    /// </summary>
    TokenizedText Tokenize(string text, int maxTokens);

    /// <summary>The vocabulary's entry for an id.</summary>
    TokenPiece PieceOf(int id);
}
