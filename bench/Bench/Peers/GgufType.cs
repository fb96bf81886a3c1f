namespace ActorEmbed.Bench.Peers;

/// <summary>Element types of tensors in a GGUF file, with the numbers that the format gives them.</summary>
internal enum GgufType
{
    /// <summary>Single precision.</summary>
    F32 = 0,

    /// <summary>Half precision.</summary>
    F16 = 1,

    /// <summary>Blocks of 32 signed bytes with one half-precision scale.</summary>
    Q8_0 = 8,
}
