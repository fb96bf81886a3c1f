using System.Runtime.CompilerServices;

namespace ActorEmbed.Inference.Tokenization.SentencePiece;

/// <summary>
/// A byte trie in the unit layout of Darts-clone, the one that a SentencePiece character map is stored in. A unit has
/// its label in bits 0-7, bit 8 set when a key ends here, and in bits 10-30 the offset to its children, shifted by
/// eight more bits when bit 9 is set. The unit at a node's child position for label 0 holds that key's value in bits
/// 0-30; its bit 31 is set, so that it never matches a label.
/// </summary>
/// <remarks>
/// A damaged trie yields wrong values, never an exception: every position is checked against the number of units.
/// </remarks>
internal sealed class DoubleArrayTrie(uint[] units)
{
    private const uint LabelMask = 0x8000_00FF;
    private const uint ValueMask = 0x7FFF_FFFF;

    private readonly uint[] _units = units;

    /// <summary>The state of a walk that has read nothing yet.</summary>
    public uint Root { get; } = units.Length == 0 ? 0 : Offset(units[0]);

    /// <summary>Reads one more byte.</summary>
    /// <param name="state">Where the walk is; where it is now, when the result is true.</param>
    /// <param name="label">The byte.</param>
    /// <param name="value">Value of the key that ends with this byte, or -1 when none does.</param>
    /// <returns>False when no key continues so.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryStep(ref uint state, byte label, out int value)
    {
        value = -1;
        var units = _units;
        var position = state ^ label;

        // A zero byte is never part of a key: its place is where values are kept.
        if (label == 0 || position >= (uint)units.Length)
            return false;

        var unit = units[position];
        if ((unit & LabelMask) != label)
            return false;

        position ^= Offset(unit);
        state = position;
        if ((unit & DoubleArrayUnit.HasValue) != 0 && position < (uint)units.Length)
            value = (int)(units[position] & ValueMask);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Offset(uint unit) => (unit >> 10) << (int)((unit & DoubleArrayUnit.WideOffset) >> 6);
}
