using System.Numerics;
using System.Runtime.CompilerServices;

namespace ActorEmbed.Inference.Tokenization.SentencePiece;

/// <summary>
/// Lays keys out as a <see cref="DoubleArrayTrie"/>. Two nodes never get the same base, so that comparing the label
/// of a child position is enough to know whose child is there.
/// </summary>
/// <remarks>
/// 250,000 keys have to be placed while a process starts, before the runtime has found out which methods are hot:
/// hence the optimisation attributes.
/// </remarks>
internal sealed class DoubleArrayTrieBuilder
{
    // A label is a byte: XOR with it never leaves a block of 256 units.
    private const int BlockSize = 256;
    private const int WordsPerBlock = BlockSize / 64;

    // Older blocks are nearly full; looking for a gap there costs more time than it saves units. Measured with 250,000
    // keys: 1 block leaves so many gaps that the trie grows by 60 %, 2 are as small as 4 and a fifth faster.
    private const int OpenBlocks = 2;

    // Up to here an insertion sort beats counting 256 labels.
    private const int SmallNode = 32;

    private readonly byte[] _source;
    private readonly TrieKey[] _keys;
    private readonly Stack<Node> _pending = new();
    private readonly byte[] _labels = new byte[BlockSize];
    private readonly int[] _firstKeys = new int[BlockSize + 1];
    private readonly int[] _nextKeys = new int[BlockSize];

    private uint[] _units = [];
    private ulong[] _freePositions = [];
    private ulong[] _freeBases = [];
    private int _blocks;

    private DoubleArrayTrieBuilder(byte[] source, TrieKey[] keys)
    {
        _source = source;
        _keys = keys;

        // Keys share about half of their bytes with another key's beginning.
        var totalBytes = 0L;
        foreach (var key in keys)
            totalBytes += key.Length;
        Reserve((int)(totalBytes / 2 / BlockSize) + 1);
    }

    /// <summary>A trie of the keys. Of equal keys the one with the highest value counts.</summary>
    /// <param name="source">Holds the bytes of the keys; none of them is zero.</param>
    /// <param name="keys">At least one byte long; they are reordered.</param>
    public static DoubleArrayTrie Build(byte[] source, TrieKey[] keys)
    {
        var builder = new DoubleArrayTrieBuilder(source, keys);
        builder.AddBlock();
        builder._freePositions[0] &= ~1ul; // the root
        if (keys.Length > 0)
            builder._pending.Push(new Node(0, keys.Length, 0, 0));
        while (builder._pending.TryPop(out var node))
            builder.Place(node);

        return new DoubleArrayTrie(builder._units.AsSpan(0, builder._blocks * BlockSize).ToArray());
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Place(Node node)
    {
        while (node.EndKey - node.FirstKey == 1)
        {
            if (!PlaceOnly(ref node))
                return;
        }

        var labels = _labels.AsSpan(0, Group(node));
        var basePosition = FindBase(node.Position, labels);
        Link(node.Position, basePosition);
        for (var i = 0; i < labels.Length; i++)
        {
            var child = basePosition ^ labels[i];
            Take(_freePositions, child);
            if (labels[i] == 0)
            {
                var value = 0;
                for (var key = _firstKeys[i]; key < _firstKeys[i + 1]; key++)
                    value = Math.Max(value, _keys[key].Value);
                SetValue(node.Position, child, value);
            }
            else
            {
                _units[child] = labels[i];
                _pending.Push(new Node(_firstKeys[i], _firstKeys[i + 1], node.Depth + 1, child));
            }
        }
    }

    /// <summary>Most nodes lead to one key only: no grouping, no stack.</summary>
    /// <returns>False when the key has ended.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool PlaceOnly(ref Node node)
    {
        var key = _keys[node.FirstKey];
        var label = LabelOf(key, node.Depth);
        var basePosition = FindBase(node.Position, new ReadOnlySpan<byte>(in label));
        var child = basePosition ^ label;
        Link(node.Position, basePosition);
        Take(_freePositions, child);
        if (label == 0)
        {
            SetValue(node.Position, child, key.Value);
            return false;
        }

        _units[child] = label;
        node = node with { Depth = node.Depth + 1, Position = child };
        return true;
    }

    /// <summary>
    /// Sorts the node's keys by their next byte, 0 for a key that ends; fills in each label and its first key.
    /// </summary>
    /// <returns>The number of labels.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Group(Node node)
    {
        var keys = _keys.AsSpan(node.FirstKey, node.EndKey - node.FirstKey);
        if (keys.Length <= SmallNode)
            SortSmall(keys, node.Depth);
        else
            SortByCounting(keys, node.Depth);

        var count = 0;
        for (var i = 0; i < keys.Length; i++)
        {
            var label = LabelOf(keys[i], node.Depth);
            if (count > 0 && _labels[count - 1] == label)
                continue;
            _labels[count] = label;
            _firstKeys[count++] = node.FirstKey + i;
        }

        _firstKeys[count] = node.EndKey;
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SortSmall(Span<TrieKey> keys, int depth)
    {
        for (var i = 1; i < keys.Length; i++)
        {
            var key = keys[i];
            var label = LabelOf(key, depth);
            var at = i;
            for (; at > 0 && LabelOf(keys[at - 1], depth) > label; at--)
                keys[at] = keys[at - 1];
            keys[at] = key;
        }
    }

    /// <summary>In place: each key is swapped into the next free place of its label's range.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SortByCounting(Span<TrieKey> keys, int depth)
    {
        var ends = _firstKeys.AsSpan(0, BlockSize);
        var next = _nextKeys.AsSpan();
        ends.Clear();
        foreach (var key in keys)
            ends[LabelOf(key, depth)]++;
        for (int label = 0, start = 0; label < BlockSize; label++)
        {
            next[label] = start;
            ends[label] = start += ends[label];
        }

        for (var label = 0; label < BlockSize; label++)
        {
            while (next[label] < ends[label])
            {
                ref var key = ref keys[next[label]];
                var right = LabelOf(key, depth);
                ref var placed = ref keys[next[right]++];
                (key, placed) = (placed, key);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private uint FindBase(uint parent, ReadOnlySpan<byte> labels)
    {
        for (var word = Math.Max(0, _blocks - OpenBlocks) * WordsPerBlock; ; word++)
        {
            if (word == _blocks * WordsPerBlock)
                AddBlock();
            for (var free = _freePositions[word]; free != 0; free &= free - 1)
            {
                var candidate = (uint)((word * 64) + BitOperations.TrailingZeroCount(free)) ^ labels[0];
                if (IsFree(_freeBases, candidate) && Fits(candidate, labels) && IsReachable(parent ^ candidate))
                    return candidate;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Fits(uint candidate, ReadOnlySpan<byte> labels)
    {
        for (var i = 1; i < labels.Length; i++)
        {
            if (!IsFree(_freePositions, candidate ^ labels[i]))
                return false;
        }

        return true;
    }

    private static bool IsReachable(uint offset) => offset < DoubleArrayUnit.NarrowOffsetLimit || (offset & 0xFF) == 0;

    private void Link(uint position, uint basePosition)
    {
        Take(_freeBases, basePosition);
        var offset = basePosition ^ position;
        _units[position] |= offset < DoubleArrayUnit.NarrowOffsetLimit
            ? offset << 10
            : (offset << 2) | DoubleArrayUnit.WideOffset;
    }

    private void SetValue(uint position, uint child, int value)
    {
        _units[position] |= DoubleArrayUnit.HasValue;
        _units[child] = DoubleArrayUnit.IsValue | (uint)value;
    }

    private void AddBlock()
    {
        if ((uint)(_blocks + 1) * BlockSize > DoubleArrayUnit.OffsetLimit)
            throw new InvalidDataException("its vocabulary is too large");
        if ((_blocks + 1) * BlockSize > _units.Length)
            Reserve(_blocks + (_blocks / 2) + 1);
        _freePositions.AsSpan(_blocks * WordsPerBlock, WordsPerBlock).Fill(ulong.MaxValue);
        _freeBases.AsSpan(_blocks * WordsPerBlock, WordsPerBlock).Fill(ulong.MaxValue);
        _blocks++;
    }

    private void Reserve(int blocks)
    {
        Array.Resize(ref _units, blocks * BlockSize);
        Array.Resize(ref _freePositions, blocks * WordsPerBlock);
        Array.Resize(ref _freeBases, blocks * WordsPerBlock);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte LabelOf(TrieKey key, int depth) => depth < key.Length ? _source[key.Offset + depth] : (byte)0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsFree(ulong[] map, uint position) => (map[position >> 6] >> (int)(position & 63) & 1) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Take(ulong[] map, uint position) => map[position >> 6] &= ~(1ul << (int)(position & 63));

    private readonly record struct Node(int FirstKey, int EndKey, int Depth, uint Position);
}
