using ActorEmbed.Inference.Tokenization.Pipeline.Decoders;
using ActorEmbed.Inference.Tokenization.Pipeline.PostProcessors;

namespace ActorEmbed.Inference.Tokenization;

/// <summary>The tokenizer that belongs to a model, and its vocabulary. Safe for concurrent use.</summary>
internal interface IModelTokenizer : ITextTokenizer
{
    /// <summary>The special tokens before every text; there may be none.</summary>
    IReadOnlyList<int> Before { get; }

    /// <summary>The special tokens after every text; there may be none.</summary>
    IReadOnlyList<int> After { get; }

    /// <summary>What stands around a text, or two.</summary>
    PostProcessor PostProcessor { get; }

    /// <summary>The end of a text that is cut off.</summary>
    TruncationSide Side { get; }

    /// <summary>Tokens of one text that the model takes, the special tokens around it included.</summary>
    int MaxTokens { get; }

    /// <summary>Ids are below this; a table of embeddings has as many rows, or more.</summary>
    int VocabularySize { get; }

    /// <summary>As <see cref="ITextTokenizer.Tokenize"/>, cut to another maximum than the model's.</summary>
    TokenizedText Tokenize(string text, int maxTokens);

    /// <summary>All tokens of a text, however many, with their places.</summary>
    /// <exception cref="OperationCanceledException">Nobody waits for them any more.</exception>
    TextTokens TokenizeWhole(string text, CancellationToken cancellation = default);

    /// <summary>The vocabulary's entry for an id.</summary>
    TokenPiece PieceOf(int id);

    /// <summary>Pieces back to a text; null where that is not known.</summary>
    ITokenDecoder? Decoder { get; }
}
