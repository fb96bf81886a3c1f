namespace ActorEmbed.Inference.Graphs;

/// <summary>The graphs that the builder can write.</summary>
internal enum CompiledGraphKind
{
    /// <summary>Single precision.</summary>
    Fp32,

    /// <summary>Bytes.</summary>
    Int8,

    /// <summary>Single precision, for a device that holds the token table too.</summary>
    DeviceFp32,

    /// <summary>Half precision, for such a device.</summary>
    DeviceFp16,

    /// <summary>Single precision, for a device that wants fixed shapes.</summary>
    FixedFp32,

    /// <summary>Half precision, for such a device.</summary>
    FixedFp16,
}
