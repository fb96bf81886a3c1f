using System.Text;

namespace ActorEmbed.Inference.Files;

/// <summary>
/// The fields of a protobuf message in a stream, one after the other; what nobody reads is skipped by a seek. The
/// library's own parser would read whole tensors into memory.
/// </summary>
internal sealed class ProtobufFields
{
    // Names and file names; a longer one is no text but a damaged file.
    private const int MaxTextBytes = 64 << 10;

    // Wire types of the protobuf encoding.
    private const int Varint = 0, Fixed64 = 1, Delimited = 2, Fixed32 = 5;

    private readonly Stream _stream;

    public ProtobufFields(Stream stream) => _stream = stream;

    /// <summary>Hands every field up to the end of a message to a reader.</summary>
    /// <param name="end">Where the message ends in the stream.</param>
    /// <param name="message">Field number and end of a text, a block of bytes or a message. May read it or not.</param>
    /// <param name="number">Field number and value of a whole number.</param>
    /// <exception cref="InvalidDataException">The message is damaged.</exception>
    public void Each(long end, Action<int, long> message, Action<int, ulong>? number = null)
    {
        while (_stream.Position < end)
        {
            var tag = ReadVarint();
            var field = (int)(tag >> 3);
            switch ((int)(tag & 7))
            {
                case Varint:
                    var value = ReadVarint();
                    number?.Invoke(field, value);
                    break;
                case Fixed64:
                    Skip(end, sizeof(ulong));
                    break;
                case Fixed32:
                    Skip(end, sizeof(uint));
                    break;
                case Delimited:
                    var length = ReadVarint();
                    if (length > (ulong)(end - _stream.Position))
                        throw Damaged();
                    var fieldEnd = _stream.Position + (long)length;
                    message(field, fieldEnd);
                    _stream.Position = fieldEnd;
                    break;
                default:
                    throw Damaged();
            }
        }

        if (_stream.Position != end)
            throw Damaged();
    }

    /// <summary>Where the stream stands: at the beginning of a field's content while a reader is called for it.</summary>
    public long Position => _stream.Position;

    /// <summary>Whole numbers packed into one field, from where the stream stands.</summary>
    public List<long> ReadNumbers(long end)
    {
        var numbers = new List<long>();
        while (_stream.Position < end)
            numbers.Add((long)ReadVarint());
        return numbers;
    }

    /// <summary>The rest of a field, from where the stream stands.</summary>
    public string ReadText(long end)
    {
        if (end - _stream.Position > MaxTextBytes)
            throw Damaged();
        var bytes = new byte[end - _stream.Position];
        _stream.ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    private void Skip(long end, int bytes)
    {
        if (end - _stream.Position < bytes)
            throw Damaged();
        _stream.Position += bytes;
    }

    private ulong ReadVarint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var read = _stream.ReadByte();
            if (read < 0)
                throw Damaged();
            value |= (ulong)(read & 0x7F) << shift;
            if (read < 0x80)
                return value;
        }

        throw Damaged();
    }

    private static InvalidDataException Damaged() => new("it is cut off or no ONNX file");
}
