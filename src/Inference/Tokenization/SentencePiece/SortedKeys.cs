using System.Buffers.Binary;

namespace ActorEmbed.Inference.Tokenization.SentencePiece;

/// <summary>
/// Byte strings without zero bytes, each with a value, in the order of their bytes. Of equal keys only the one with
/// the highest value is kept.
/// </summary>
internal sealed class SortedKeys
{
    // Sorting compares this many bytes at once, as one number.
    private const int Stride = sizeof(ulong);

    private readonly byte[] _source;
    private readonly int[] _offsets;
    private readonly int[] _lengths;
    private readonly int[] _order;

    /// <param name="source">Holds the bytes of all keys.</param>
    /// <param name="offsets">Where each key starts; its index is the key's value.</param>
    /// <param name="lengths">Bytes of each key; a key of none is left out.</param>
    public SortedKeys(byte[] source, int[] offsets, int[] lengths)
    {
        _source = source;
        _offsets = offsets;
        _lengths = lengths;
        _order = new int[offsets.Length];
        for (var value = 0; value < lengths.Length; value++)
        {
            if (lengths[value] == 0)
                continue;
            TotalBytes += lengths[value];
            _order[Count++] = value;
        }

        var sortKeys = new ulong[Count];
        Sort(sortKeys, 0, Count, 0);
        RemoveDuplicates();
    }

    /// <summary>Number of distinct keys.</summary>
    public int Count { get; private set; }

    /// <summary>Length of all keys together, duplicates included.</summary>
    public int TotalBytes { get; }

    /// <summary>The value of the key at an index of the sorted order.</summary>
    public int Value(int index) => _order[index];

    /// <summary>A byte of the key at an index of the sorted order; 0 just after its end.</summary>
    public byte ByteAt(int index, int position)
    {
        var value = _order[index];
        return position < _lengths[value] ? _source[_offsets[value] + position] : (byte)0;
    }

    private ReadOnlySpan<byte> Key(int value) => _source.AsSpan(_offsets[value], _lengths[value]);

    // Keys that agree in a whole stride are sorted by the next one. The depth of the recursion is the length of the
    // longest prefix that two keys share, over eight: vocabularies are read with a limit on the length of a piece.
    private void Sort(ulong[] sortKeys, int start, int end, int depth)
    {
        for (var i = start; i < end; i++)
            sortKeys[i] = Stride8(Key(_order[i]), depth);
        Array.Sort(sortKeys, _order, start, end - start);

        for (var i = start; i < end;)
        {
            var groupEnd = i + 1;
            while (groupEnd < end && sortKeys[groupEnd] == sortKeys[i])
                groupEnd++;
            var mayGoOn = (sortKeys[i] & 0xFF) != 0;
            if (groupEnd - i > 1 && mayGoOn)
                Sort(sortKeys, i, groupEnd, depth + Stride);
            else if (groupEnd - i > 1)
                Array.Sort(_order, i, groupEnd - i);
            i = groupEnd;
        }
    }

    private static ulong Stride8(ReadOnlySpan<byte> key, int depth)
    {
        if (key.Length >= depth + Stride)
            return BinaryPrimitives.ReadUInt64BigEndian(key[depth..]);

        var result = 0ul;
        for (var i = 0; i < Stride; i++)
            result = (result << 8) | (depth + i < key.Length ? key[depth + i] : 0u);
        return result;
    }

    private void RemoveDuplicates()
    {
        var kept = 0;
        for (var i = 0; i < Count; i++)
        {
            if (i + 1 == Count || !Key(_order[i]).SequenceEqual(Key(_order[i + 1])))
                _order[kept++] = _order[i];
        }

        Count = kept;
    }
}
