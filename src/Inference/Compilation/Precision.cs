namespace ActorEmbed.Inference.Compilation;

/// <summary>The numbers that the dense products of a compiled model are computed with.</summary>
public enum Precision
{
    /// <summary>Single precision: the vectors of the original model.</summary>
    Fp32,

    /// <summary>Signed bytes for weights and unsigned bytes for activations: faster, smaller, slightly other vectors.</summary>
    Int8,
}
