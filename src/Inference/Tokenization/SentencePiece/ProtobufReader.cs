using System.Buffers.Binary;

namespace ActorEmbed.Inference.Tokenization.SentencePiece;

/// <summary>
/// Reads the fields of one protocol buffer message in place. Generated classes would make three objects of each of
/// 250,000 pieces: see docs/decisions/001-unigram-tokenizer.md.
/// </summary>
/// <exception cref="InvalidDataException">Thrown by every method for bytes that are no such message.</exception>
internal ref struct ProtobufReader(ReadOnlySpan<byte> source, int start, int end)
{
    private const int VarintType = 0;
    private const int Fixed64Type = 1;
    private const int LengthDelimitedType = 2;
    private const int Fixed32Type = 5;

    private readonly ReadOnlySpan<byte> _source = source;
    private readonly int _end = end;
    private int _position = start;
    private int _wireType;

    /// <summary>Moves to the next field.</summary>
    /// <returns>False at the end of the message.</returns>
    public bool TryReadField(out int number)
    {
        number = 0;
        if (_position >= _end)
            return false;

        var tag = ReadRawVarint();
        _wireType = (int)(tag & 7);
        number = (int)(tag >> 3);
        return number > 0 ? true : throw Damaged();
    }

    /// <summary>The value of an integer or enumeration field.</summary>
    public ulong ReadVarint()
    {
        Expect(VarintType);
        return ReadRawVarint();
    }

    /// <summary>The value of a float field.</summary>
    public float ReadFloat()
    {
        Expect(Fixed32Type);
        return BinaryPrimitives.ReadSingleLittleEndian(_source[Advance(sizeof(float))..]);
    }

    /// <summary>The place of a string, bytes or message field in the source.</summary>
    public Range ReadRange()
    {
        Expect(LengthDelimitedType);
        var length = ReadRawVarint();
        if (length > (ulong)(_end - _position))
            throw Damaged();
        var from = Advance((int)length);
        return from.._position;
    }

    /// <summary>Passes over a field whose value is not needed.</summary>
    public void Skip()
    {
        switch (_wireType)
        {
            case VarintType:
                ReadRawVarint();
                break;
            case Fixed64Type:
                Advance(sizeof(ulong));
                break;
            case LengthDelimitedType:
                ReadRange();
                break;
            case Fixed32Type:
                Advance(sizeof(uint));
                break;
            default:
                throw Damaged();
        }
    }

    private ulong ReadRawVarint()
    {
        var result = 0ul;
        for (var shift = 0; shift < 64 && _position < _end; shift += 7)
        {
            var part = _source[_position++];
            result |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return result;
        }

        throw Damaged();
    }

    private int Advance(int count)
    {
        if (count > _end - _position)
            throw Damaged();
        var from = _position;
        _position += count;
        return from;
    }

    private readonly void Expect(int wireType)
    {
        if (_wireType != wireType)
            throw Damaged();
    }

    private static InvalidDataException Damaged() => new("it is damaged or not a SentencePiece model");
}
