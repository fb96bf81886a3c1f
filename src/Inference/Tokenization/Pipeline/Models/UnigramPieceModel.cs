using System.Buffers;
using System.Text;
using ActorEmbed.Inference.Tokenization.SentencePiece;

namespace ActorEmbed.Inference.Tokenization.Pipeline.Models;

/// <summary>A SentencePiece unigram model, whatever file it was read from.</summary>
internal sealed class UnigramPieceModel(UnigramModel model, IVocabulary vocabulary) : IPieceModel
{
    private const int MaxBytesOfCodeUnit = 3;

    public IVocabulary Vocabulary => vocabulary;

    public void Tokenize(ReadOnlySpan<char> piece, TokenSink tokens)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(piece.Length * MaxBytesOfCodeUnit);
        var length = Encoding.UTF8.GetBytes(piece, bytes);
        var receiver = new Receiver(tokens, bytes);
        model.Tokenize(bytes.AsSpan(0, length), ref receiver);
        ArrayPool<byte>.Shared.Return(bytes);
    }

    /// <summary>Counts the code units of the bytes that the tokens stand for, as they come.</summary>
    private struct Receiver(TokenSink tokens, byte[] bytes) : ITokenReceiver
    {
        private int _byteStart;
        private int _start;
        private int _byteEnd;
        private int _end;

        public readonly bool IsOverfull => tokens.IsOverfull;

        public void Add(int id, int start, int end)
        {
            // The bytes of one character come one by one, all with the same place.
            if (start != _byteStart || end != _byteEnd)
            {
                _start = _end;
                _end += Encoding.UTF8.GetCharCount(bytes, start, end - start);
                (_byteStart, _byteEnd) = (start, end);
            }

            tokens.Add(id, _start, _end);
        }
    }
}
