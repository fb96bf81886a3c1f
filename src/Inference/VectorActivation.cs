namespace ActorEmbed.Inference;

/// <summary>What a dense product after the pooling does to each of its outputs.</summary>
internal enum VectorActivation
{
    /// <summary>Nothing.</summary>
    Identity,

    /// <summary>The hyperbolic tangent.</summary>
    Tanh,

    /// <summary>GELU by the error function.</summary>
    Gelu,

    /// <summary>Nothing below zero.</summary>
    Relu,
}
