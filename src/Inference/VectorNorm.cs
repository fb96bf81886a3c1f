using System.Numerics.Tensors;

namespace ActorEmbed.Inference;

/// <summary>L2 normalisation as <c>torch.nn.functional.normalize</c> does it.</summary>
public static class VectorNorm
{
    // torch's epsilon: a zero vector stays zero instead of becoming NaN.
    private const float Epsilon = 1e-12f;

    /// <summary>A new vector of length 1 in the same direction; a zero vector stays zero.</summary>
    public static float[] Normalize(ReadOnlySpan<float> vector)
    {
        var normalized = new float[vector.Length];
        TensorPrimitives.Divide(vector, Math.Max(TensorPrimitives.Norm(vector), Epsilon), normalized);
        return normalized;
    }
}
