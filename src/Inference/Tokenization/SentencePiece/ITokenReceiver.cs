namespace ActorEmbed.Inference.Tokenization.SentencePiece;

/// <summary>Takes the tokens of a word.</summary>
internal interface ITokenReceiver
{
    /// <summary>Whether nothing that follows can matter.</summary>
    bool IsOverfull { get; }

    /// <summary>Appends a token.</summary>
    /// <param name="id">The token.</param>
    /// <param name="start">The first byte of the word that it stands for.</param>
    /// <param name="end">After the last one.</param>
    void Add(int id, int start, int end);
}
