namespace ActorEmbed.Inference.Tokenization.Pipeline.Models;

/// <summary>A piece is a token as a whole, or unknown.</summary>
internal sealed class WordLevelModel(Vocabulary vocabulary, string unknown) : IPieceModel
{
    private readonly int _unknownId =
        vocabulary.IdOf(unknown) ?? throw new InvalidDataException($"the unknown token {unknown} is not in the vocabulary");

    public IVocabulary Vocabulary => vocabulary;

    public void Tokenize(ReadOnlySpan<char> piece, TokenSink tokens) =>
        tokens.Add(vocabulary.Lookup.TryGetValue(piece, out var id) ? id : _unknownId, 0, piece.Length);
}
