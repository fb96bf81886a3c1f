namespace ActorEmbed.Inference.Tokenization.SentencePiece;

/// <summary>One entry of a vocabulary, its text a slice of the model file.</summary>
/// <param name="Offset">Where its UTF-8 text starts in the file.</param>
/// <param name="Length">Bytes of the text.</param>
/// <param name="Score">Logarithm of its probability.</param>
internal readonly record struct Piece(int Offset, int Length, float Score);
