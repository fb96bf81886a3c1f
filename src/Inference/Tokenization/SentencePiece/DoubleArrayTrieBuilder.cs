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
    private const int Labels = byte.MaxValue + 1;

    // Up to here an insertion sort beats counting 256 labels.
    private const int SmallNode = 32;

    private readonly byte[] _source;
    private readonly TrieKey[] _keys;
    private readonly Stack<Node> _pending = new();
    private readonly byte[] _labels = new byte[Labels];
    private readonly int[] _firstKeys = new int[Labels + 1];
    private readonly int[] _nextKeys = new int[Labels];

    private readonly DoubleArraySpace _space;
    private uint[] _units;

    private DoubleArrayTrieBuilder(byte[] source, TrieKey[] keys)
    {
        _source = source;
        _keys = keys;

        // Keys share about half of their bytes with another key's beginning.
        var totalBytes = 0L;
        foreach (var key in keys)
            totalBytes += key.Length;
        var expectedUnits = (int)(totalBytes / 2) + DoubleArraySpace.BlockSize;
        _space = new DoubleArraySpace(expectedUnits);
        _units = new uint[expectedUnits];
    }

    /// <summary>A trie of the keys. Of equal keys the one with the highest value counts.</summary>
    /// <param name="source">Holds the bytes of the keys; none of them is zero.</param>
    /// <param name="keys">At least one byte long; they are reordered.</param>
    public static DoubleArrayTrie Build(byte[] source, TrieKey[] keys)
    {
        var builder = new DoubleArrayTrieBuilder(source, keys);
        builder._space.TakePosition(0); // the root
        if (keys.Length > 0)
            builder._pending.Push(new Node(0, keys.Length, 0, 0));
        while (builder._pending.TryPop(out var node))
            builder.Place(node);

        return new DoubleArrayTrie(builder._units.AsSpan(0, builder._space.Units).ToArray());
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
            _space.TakePosition(child);
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
        _space.TakePosition(child);
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
        var ends = _firstKeys.AsSpan(0, Labels);
        var next = _nextKeys.AsSpan();
        ends.Clear();
        foreach (var key in keys)
            ends[LabelOf(key, depth)]++;
        for (int label = 0, start = 0; label < Labels; label++)
        {
            next[label] = start;
            ends[label] = start += ends[label];
        }

        for (var label = 0; label < Labels; label++)
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint FindBase(uint parent, ReadOnlySpan<byte> labels)
    {
        var basePosition = _space.FindBase(parent, labels);
        if (_space.Units > _units.Length)
            Array.Resize(ref _units, _space.Units * 3 / 2);
        return basePosition;
    }

    private void Link(uint position, uint basePosition)
    {
        _space.TakeBase(basePosition);
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte LabelOf(TrieKey key, int depth) => depth < key.Length ? _source[key.Offset + depth] : (byte)0;

    private readonly record struct Node(int FirstKey, int EndKey, int Depth, uint Position);
}
