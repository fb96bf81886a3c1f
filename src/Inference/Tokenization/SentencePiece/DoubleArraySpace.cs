using System.Numerics;
using System.Runtime.CompilerServices;

namespace ActorEmbed.Inference.Tokenization.SentencePiece;

/// <summary>Which positions and which bases of a growing double array are still free.</summary>
internal sealed class DoubleArraySpace
{
    /// <summary>Units added at once. A label is a byte: XOR with it never leaves a block of this size.</summary>
    public const int BlockSize = 256;

    private const int WordsPerBlock = BlockSize / 64;

    // Older blocks are nearly full; looking for a gap there costs more time than it saves units. Measured with 250,000
    // keys: 1 block leaves so many gaps that the trie grows by 60 %, 2 are as small as 4 and a fifth faster.
    private const int OpenBlocks = 2;

    private ulong[] _positions;
    private ulong[] _bases;
    private int _blocks;

    /// <param name="expectedUnits">Room to begin with.</param>
    public DoubleArraySpace(int expectedUnits)
    {
        _positions = new ulong[(expectedUnits / 64) + WordsPerBlock];
        _bases = new ulong[_positions.Length];
        AddBlock();
    }

    /// <summary>Units so far, used or not.</summary>
    public int Units => _blocks * BlockSize;

    /// <summary>Makes sure that nothing is placed there any more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void TakePosition(uint position) => Take(_positions, position);

    /// <summary>Makes sure that no other node gets this base.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void TakeBase(uint position) => Take(_bases, position);

    /// <summary>A free base with a free position for each label, near enough to the parent to be linked.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public uint FindBase(uint parent, ReadOnlySpan<byte> labels)
    {
        for (var word = Math.Max(0, _blocks - OpenBlocks) * WordsPerBlock; ; word++)
        {
            if (word == _blocks * WordsPerBlock)
                AddBlock();
            for (var free = _positions[word]; free != 0; free &= free - 1)
            {
                var candidate = (uint)((word * 64) + BitOperations.TrailingZeroCount(free)) ^ labels[0];
                if (IsFree(_bases, candidate) && Fits(candidate, labels) && IsReachable(parent ^ candidate))
                    return candidate;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Fits(uint candidate, ReadOnlySpan<byte> labels)
    {
        for (var i = 1; i < labels.Length; i++)
        {
            if (!IsFree(_positions, candidate ^ labels[i]))
                return false;
        }

        return true;
    }

    private static bool IsReachable(uint offset) => offset < DoubleArrayUnit.NarrowOffsetLimit || (offset & 0xFF) == 0;

    private void AddBlock()
    {
        if ((uint)Units + BlockSize > DoubleArrayUnit.OffsetLimit)
            throw new InvalidDataException("its vocabulary is too large");

        var words = _blocks * WordsPerBlock;
        if (words + WordsPerBlock > _positions.Length)
        {
            Array.Resize(ref _positions, (words + WordsPerBlock) * 3 / 2);
            Array.Resize(ref _bases, _positions.Length);
        }

        _positions.AsSpan(words, WordsPerBlock).Fill(ulong.MaxValue);
        _bases.AsSpan(words, WordsPerBlock).Fill(ulong.MaxValue);
        _blocks++;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsFree(ulong[] map, uint position) => (map[position >> 6] >> (int)(position & 63) & 1) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Take(ulong[] map, uint position) => map[position >> 6] &= ~(1ul << (int)(position & 63));
}
