namespace ActorEmbed.Inference.Graphs;

/// <summary>The graphs that the builder can write.</summary>
internal enum CompiledGraphKind
{
    /// <summary>Single precision.</summary>
    Fp32,

    /// <summary>Bytes; normalised tokens with calibrated scales, everything else token by token.</summary>
    Int8,

    /// <summary>Bytes; every scale computed token by token, nothing calibrated.</summary>
    Int8PerToken,
}
