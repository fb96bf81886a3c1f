using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace ActorEmbed.Actors.Clustering.Wire;

/// <summary>Writes the fields of a message: little-endian, lengths before contents.</summary>
internal sealed class WireWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new();

    /// <summary>What stands for a string that is not there.</summary>
    public const int NullLength = -1;

    public byte[] ToArray() => _buffer.WrittenSpan.ToArray();

    public void Byte(byte value) => Take(1)[0] = value;

    public void Int32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Take(sizeof(int)), value);

    public void Int64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(sizeof(long)), value);

    /// <summary>As UTF-8; an unpaired surrogate becomes the replacement character, as it does before any tokenizer.</summary>
    public void String(string? value)
    {
        if (value is null)
        {
            Int32(NullLength);
            return;
        }

        var length = Encoding.UTF8.GetByteCount(value);
        Int32(length);
        Encoding.UTF8.GetBytes(value, Take(length));
    }

    public void Int32s(ReadOnlySpan<int> values)
    {
        Int32(values.Length);
        var target = Take(values.Length * sizeof(int));
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(target[(i * sizeof(int))..], values[i]);
    }

    public void Floats(ReadOnlySpan<float> values)
    {
        Int32(values.Length);
        var target = Take(values.Length * sizeof(float));
        if (BitConverter.IsLittleEndian)
        {
            MemoryMarshal.AsBytes(values).CopyTo(target);
            return;
        }

        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(target[(i * sizeof(float))..], values[i]);
    }

    private Span<byte> Take(int length)
    {
        var span = _buffer.GetSpan(length)[..length];
        _buffer.Advance(length);
        return span;
    }
}
