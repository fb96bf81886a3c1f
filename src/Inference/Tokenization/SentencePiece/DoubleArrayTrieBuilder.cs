using System.Numerics;
using System.Runtime.CompilerServices;

namespace ActorEmbed.Inference.Tokenization.SentencePiece;

/// <summary>
/// Lays sorted keys out as a <see cref="DoubleArrayTrie"/>. Two nodes never get the same base, so that comparing the
/// label of a child position is enough to know whose child is there.
/// </summary>
internal sealed class DoubleArrayTrieBuilder
{
    // A label is a byte: XOR with it never leaves a block of 256 units.
    private const int BlockSize = 256;
    private const int WordsPerBlock = BlockSize / 64;

    // Older blocks are nearly full; looking for a gap there costs more time than it saves units (Darts-clone, too,
    // gives up on all but the last 16 blocks).
    private const int OpenBlocks = 16;

    private readonly SortedKeys _keys;
    private readonly Stack<Node> _pending = new();
    private readonly byte[] _labels = new byte[BlockSize];
    private readonly int[] _firstKeys = new int[BlockSize + 1];

    private uint[] _units;
    private ulong[] _freePositions;
    private ulong[] _freeBases;
    private int _blocks;

    private DoubleArrayTrieBuilder(SortedKeys keys)
    {
        _keys = keys;

        // Most keys share their beginnings: about half of all bytes become a unit. More is added when needed.
        var expectedBlocks = (keys.TotalBytes / 2 / BlockSize) + OpenBlocks;
        _units = new uint[expectedBlocks * BlockSize];
        _freePositions = new ulong[expectedBlocks * WordsPerBlock];
        _freeBases = new ulong[expectedBlocks * WordsPerBlock];
    }

    /// <summary>A trie whose values are those of <paramref name="keys"/>.</summary>
    public static DoubleArrayTrie Build(SortedKeys keys)
    {
        var builder = new DoubleArrayTrieBuilder(keys);
        builder.AddBlock();
        builder._freePositions[0] &= ~1ul; // the root
        if (keys.Count > 0)
            builder._pending.Push(new Node(0, keys.Count, 0, 0));
        while (builder._pending.TryPop(out var node))
            builder.Place(node);

        Array.Resize(ref builder._units, builder._blocks * BlockSize);
        return new DoubleArrayTrie(builder._units);
    }

    private void Place(Node node)
    {
        var labels = Labels(node);
        var basePosition = FindBase(node.Position, labels);
        Take(_freeBases, basePosition);

        var offset = basePosition ^ node.Position;
        _units[node.Position] |= offset < DoubleArrayUnit.NarrowOffsetLimit
            ? offset << 10
            : (offset << 2) | DoubleArrayUnit.WideOffset;

        // Backwards, so that the first child is placed next: siblings' descendants stay close together.
        for (var i = labels.Length - 1; i >= 0; i--)
        {
            var child = basePosition ^ labels[i];
            Take(_freePositions, child);
            if (labels[i] == 0)
            {
                _units[node.Position] |= DoubleArrayUnit.HasValue;
                _units[child] = DoubleArrayUnit.IsValue | (uint)_keys.Value(_firstKeys[i]);
            }
            else
            {
                _units[child] = labels[i];
                _pending.Push(new Node(_firstKeys[i], _firstKeys[i + 1], node.Depth + 1, child));
            }
        }
    }

    /// <summary>The bytes that follow in the node's keys, 0 for the key that ends; fills the first key of each.</summary>
    private ReadOnlySpan<byte> Labels(Node node)
    {
        var count = 0;
        for (var key = node.FirstKey; key < node.EndKey; key++)
        {
            var label = _keys.ByteAt(key, node.Depth);
            if (count > 0 && _labels[count - 1] == label)
                continue;
            _labels[count] = label;
            _firstKeys[count++] = key;
        }

        _firstKeys[count] = node.EndKey;
        return _labels.AsSpan(0, count);
    }

    private uint FindBase(uint parent, ReadOnlySpan<byte> labels)
    {
        for (var block = Math.Max(0, _blocks - OpenBlocks); ; block++)
        {
            if (block == _blocks)
                AddBlock();
            for (var word = block * WordsPerBlock; word < (block + 1) * WordsPerBlock; word++)
            {
                for (var free = _freePositions[word]; free != 0; free &= free - 1)
                {
                    var candidate = (uint)((word * 64) + BitOperations.TrailingZeroCount(free)) ^ labels[0];
                    if (IsFree(_freeBases, candidate) && Fits(candidate, labels[1..]) && IsReachable(parent ^ candidate))
                        return candidate;
                }
            }
        }
    }

    private bool Fits(uint candidate, ReadOnlySpan<byte> labels)
    {
        foreach (var label in labels)
        {
            if (!IsFree(_freePositions, candidate ^ label))
                return false;
        }

        return true;
    }

    private static bool IsReachable(uint offset) => offset < DoubleArrayUnit.NarrowOffsetLimit || (offset & 0xFF) == 0;

    private void AddBlock()
    {
        if ((_blocks + 1) * BlockSize > _units.Length)
        {
            var blocks = _blocks + (_blocks / 2) + 1;
            Array.Resize(ref _units, blocks * BlockSize);
            Array.Resize(ref _freePositions, blocks * WordsPerBlock);
            Array.Resize(ref _freeBases, blocks * WordsPerBlock);
        }

        _freePositions.AsSpan(_blocks * WordsPerBlock, WordsPerBlock).Fill(ulong.MaxValue);
        _freeBases.AsSpan(_blocks * WordsPerBlock, WordsPerBlock).Fill(ulong.MaxValue);
        _blocks++;
        if ((uint)_blocks * BlockSize > DoubleArrayUnit.OffsetLimit)
            throw new InvalidDataException("the vocabulary is too large for its index");
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsFree(ulong[] map, uint position) => (map[position >> 6] >> (int)(position & 63) & 1) != 0;

    private static void Take(ulong[] map, uint position) => map[position >> 6] &= ~(1ul << (int)(position & 63));

    private readonly record struct Node(int FirstKey, int EndKey, int Depth, uint Position);
}
