namespace ActorEmbed.Inference.Tokenization.Pipeline.Models;

/// <summary>Turns a piece of text into ids of its vocabulary. Safe for concurrent use.</summary>
internal interface IPieceModel
{
    /// <summary>The entries.</summary>
    IVocabulary Vocabulary { get; }

    /// <summary>Tokenizes one piece.</summary>
    /// <param name="piece">Valid UTF-16, not empty.</param>
    /// <param name="tokens">Takes the ids.</param>
    void Tokenize(ReadOnlySpan<char> piece, TokenSink tokens);
}
