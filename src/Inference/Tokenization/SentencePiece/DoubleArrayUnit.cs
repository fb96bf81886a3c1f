namespace ActorEmbed.Inference.Tokenization.SentencePiece;

/// <summary>Flags of a unit of a <see cref="DoubleArrayTrie"/>, shared by its reader and its builder.</summary>
internal static class DoubleArrayUnit
{
    /// <summary>A key ends at this node.</summary>
    public const uint HasValue = 1u << 8;

    /// <summary>The offset is stored without its low eight bits.</summary>
    public const uint WideOffset = 1u << 9;

    /// <summary>The unit holds a value, not a node.</summary>
    public const uint IsValue = 1u << 31;

    /// <summary>The first offset that a narrow unit cannot hold: it has 21 bits for it.</summary>
    public const uint NarrowOffsetLimit = 1u << 21;

    /// <summary>The first offset that no unit can hold.</summary>
    public const uint OffsetLimit = 1u << 29;
}
