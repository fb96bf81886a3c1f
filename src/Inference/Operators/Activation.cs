namespace ActorEmbed.Inference.Operators;

/// <summary>The function between the two products of a feed-forward block.</summary>
internal enum Activation
{
    /// <summary>GELU by the error function.</summary>
    Gelu,

    /// <summary>GELU by its approximation with the hyperbolic tangent.</summary>
    GeluTanh,

    /// <summary>x * sigmoid(x).</summary>
    Silu,
}
