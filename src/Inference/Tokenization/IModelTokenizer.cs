namespace ActorEmbed.Inference.Tokenization;

/// <summary>The tokenizer that belongs to a model, and its vocabulary. Safe for concurrent use.</summary>
internal interface IModelTokenizer : ITextTokenizer
{
    /// <summary>The id before every text.</summary>
    int StartId { get; }

    /// <summary>The id after every text.</summary>
    int EndId { get; }

    /// <summary>Tokens of one text that the model takes, the special tokens around it included.</summary>
    int MaxTokens { get; }

    /// <summary>Ids are below this.</summary>
    int VocabularySize { get; }

    /// <summary>As <see cref="ITextTokenizer.Tokenize"/>, cut to another maximum than the model's.</summary>
    TokenizedText Tokenize(string text, int maxTokens);

    /// <summary>The vocabulary's entry for an id.</summary>
    TokenPiece PieceOf(int id);
}
