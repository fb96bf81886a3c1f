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

    /// <summary>Half precision, on devices that are made for it: vectors within 0.002 of the original model's, normalised.</summary>
    Fp16,
}
