namespace ActorEmbed.Inference.Weights;

/// <summary>Element types that weights come in.</summary>
internal enum WeightType
{
    /// <summary>IEEE 754 single precision.</summary>
    F32,

    /// <summary>IEEE 754 half precision.</summary>
    F16,

    /// <summary>The upper half of a single-precision number.</summary>
    BF16,

    /// <summary>Whole numbers of 64 bits.</summary>
    I64,

    /// <summary>Other integers and flags: listed, never read.</summary>
    Other,
}
