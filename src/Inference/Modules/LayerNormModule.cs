using System.Numerics.Tensors;

namespace ActorEmbed.Inference.Modules;

/// <summary>A layer normalisation of the pooled vector.</summary>
/// <param name="name">How messages name it.</param>
/// <param name="factors">[dimensions].</param>
/// <param name="shifts">[dimensions].</param>
/// <param name="epsilon">Added to the variance.</param>
internal sealed class LayerNormModule(string name, float[] factors, float[] shifts, float epsilon = LayerNormModule.DefaultEpsilon) : IVectorModule
{
    // torch's default, which sentence-transformers takes.
    private const float DefaultEpsilon = 1e-5f;

    public int DimensionsAfter(int dimensions) => dimensions == factors.Length
        ? dimensions
        : throw new ModelLoadException($"{name} takes vectors of {factors.Length} dimensions, but those before it have {dimensions}.");

    public float[] Apply(float[] vector)
    {
        TensorPrimitives.Subtract(vector, TensorPrimitives.Average<float>(vector), vector);
        var variance = TensorPrimitives.SumOfSquares<float>(vector) / vector.Length;
        TensorPrimitives.Divide(vector, MathF.Sqrt(variance + epsilon), vector);
        TensorPrimitives.MultiplyAdd(vector, factors, shifts, vector);
        return vector;
    }
}
