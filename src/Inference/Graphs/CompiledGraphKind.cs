namespace ActorEmbed.Inference.Graphs;

/// <summary>The graphs that the builder can write.</summary>
internal enum CompiledGraphKind
{
    /// <summary>Single precision.</summary>
    Fp32,

    /// <summary>Bytes.</summary>
    Int8,
}
