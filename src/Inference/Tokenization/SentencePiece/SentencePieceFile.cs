using System.Text.Unicode;

namespace ActorEmbed.Inference.Tokenization.SentencePiece;

/// <summary>What a SentencePiece unigram model file holds, as far as tokenizing needs it.</summary>
internal sealed class SentencePieceFile
{
    // Field numbers of sentencepiece_model.proto.
    private const int ModelPieces = 1;
    private const int ModelTrainerSpec = 2;
    private const int ModelNormalizerSpec = 3;
    private const int PieceText = 1;
    private const int PieceScore = 2;
    private const int TrainerModelType = 3;
    private const int TrainerByteFallback = 35;
    private const int NormalizerCharacterMap = 2;
    private const ulong UnigramModelType = 1;

    // SentencePiece cuts pieces at 16 characters unless told otherwise; far more means a file that is something else.
    private const int MaxPieceBytes = 1024;

    private readonly List<Piece> _pieces = [];

    private SentencePieceFile(byte[] bytes) => Bytes = bytes;

    /// <summary>The whole file; the texts of the pieces are slices of it.</summary>
    public byte[] Bytes { get; }

    /// <summary>All pieces, in the order of their SentencePiece ids.</summary>
    public IReadOnlyList<Piece> Pieces => _pieces;

    /// <summary>The precompiled character map; empty when the model has none.</summary>
    public Range CharacterMap { get; private set; }

    /// <summary>UTF-8 text of a piece.</summary>
    public ReadOnlySpan<byte> Text(Piece piece) => Bytes.AsSpan(piece.Offset, piece.Length);

    /// <exception cref="InvalidDataException">The bytes are no unigram model; the message says why.</exception>
    public static SentencePieceFile Parse(byte[] bytes)
    {
        var file = new SentencePieceFile(bytes);
        var reader = new ProtobufReader(bytes, 0, bytes.Length);
        while (reader.TryReadField(out var field))
        {
            switch (field)
            {
                case ModelPieces:
                    file._pieces.Add(file.ReadPiece(reader.ReadRange()));
                    break;
                case ModelTrainerSpec:
                    file.ReadTrainerSpec(reader.ReadRange());
                    break;
                case ModelNormalizerSpec:
                    file.ReadNormalizerSpec(reader.ReadRange());
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return file;
    }

    private Piece ReadPiece(Range message)
    {
        var text = 0..0;
        var score = 0f;
        var reader = Open(message);
        while (reader.TryReadField(out var field))
        {
            switch (field)
            {
                case PieceText:
                    text = reader.ReadRange();
                    break;
                case PieceScore:
                    score = reader.ReadFloat();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        var (offset, length) = text.GetOffsetAndLength(Bytes.Length);
        var piece = new Piece(offset, length, score);
        if (length is 0 or > MaxPieceBytes || !Utf8.IsValid(Text(piece)) || Text(piece).Contains((byte)0)
            || !float.IsFinite(score))
        {
            throw new InvalidDataException($"its piece {_pieces.Count} is damaged");
        }

        return piece;
    }

    private void ReadTrainerSpec(Range message)
    {
        var reader = Open(message);
        while (reader.TryReadField(out var field))
        {
            switch (field)
            {
                case TrainerModelType when reader.ReadVarint() != UnigramModelType:
                    throw new InvalidDataException("it is no unigram model, and only those are supported");
                case TrainerModelType:
                    break;
                case TrainerByteFallback when reader.ReadVarint() != 0:
                    throw new InvalidDataException("it falls back to bytes, which is not supported");
                case TrainerByteFallback:
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    private void ReadNormalizerSpec(Range message)
    {
        var reader = Open(message);
        while (reader.TryReadField(out var field))
        {
            if (field == NormalizerCharacterMap)
                CharacterMap = reader.ReadRange();
            else
                reader.Skip();
        }
    }

    private ProtobufReader Open(Range message) => new(Bytes, message.Start.Value, message.End.Value);
}
