using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Serialization;
using System.Text;

namespace ActorEmbed.Actors.Clustering.Wire;

/// <summary>
/// Reads what <see cref="WireWriter"/> wrote, and trusts none of it: a length is checked against what is there before
/// anything of that size is made.
/// </summary>
/// <exception cref="SerializationException">Of every method: the message ends too soon, or is none.</exception>
internal ref struct WireReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public byte Byte() => Take(1)[0];

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

    /// <summary>A number of items, each of so many bytes at least.</summary>
    public int Count(int leastBytesEach)
    {
        var count = Int32();
        return count >= 0 && (long)count * leastBytesEach <= _rest.Length
            ? count
            : throw Malformed($"it names {count} items and has {_rest.Length} bytes left");
    }

    public string String() => NullableString() ?? throw Malformed("a string is missing");

    public string? NullableString()
    {
        var length = Int32();
        return length == WireWriter.NullLength ? null : Encoding.UTF8.GetString(Take(length));
    }

    public int[] Int32s()
    {
        var values = new int[Count(sizeof(int))];
        for (var i = 0; i < values.Length; i++)
            values[i] = Int32();
        return values;
    }

    public float[] Floats()
    {
        var values = new float[Count(sizeof(float))];
        var source = Take(values.Length * sizeof(float));
        if (BitConverter.IsLittleEndian)
        {
            source.CopyTo(MemoryMarshal.AsBytes(values.AsSpan()));
            return values;
        }

        for (var i = 0; i < values.Length; i++)
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(source[(i * sizeof(float))..]);
        return values;
    }

    /// <summary>Says that the message ends here.</summary>
    public readonly void End()
    {
        if (!_rest.IsEmpty)
            throw Malformed($"{_rest.Length} bytes follow its end");
    }

    private static SerializationException Malformed(string how) => new($"This is no message of ActorEmbed: {how}.");

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length < 0 || length > _rest.Length)
            throw Malformed($"it names {length} bytes and has {_rest.Length} left");
        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}
