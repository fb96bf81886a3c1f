using System.Diagnostics.CodeAnalysis;

namespace ActorEmbed.Inference;

/// <summary>The numbers that the dense products of a compiled model are computed with.</summary>
public enum Precision
{
    /// <summary>Single precision: the vectors of the original model.</summary>
    Fp32,

    /// <summary>Bytes for weights and activations: faster, smaller, slightly other vectors.</summary>
    [SuppressMessage("Naming", "CA1720", Justification = "The name that users of such models know it by.")]
    Int8,
}
